import { scopes as allScopes, type Scope } from '@hallpass/contracts/core'
import { type FormEvent, useState } from 'react'
import { useHallpass } from '../console-client.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'

/** A key without a chosen scope gets `*`. Only the command line grants `host`. */
const offered = allScopes.filter((scope) => scope !== '*' && scope !== 'host')

/** A form that creates a secret key. */
export function CreateSecretKey({ onMade }: { readonly onMade: (secret: string) => void }) {
  const hallpass = useHallpass()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly Scope[]>([])
  const { isBusy, problem, run } = useAction()
  const create = (event: FormEvent) => {
    event.preventDefault()
    run(async () => {
      const { secret } = await hallpass.admin.apiKeys.create({ name, scopes: [...scopes] })
      setName('')
      onMade(secret)
    })
  }
  const toggle = (scope: Scope) =>
    setScopes(scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope])
  return (
    <form className="panel" onSubmit={create}>
      <h3>Create a secret key</h3>
      <label className="field">
        <span>Name</span>
        <input className="input" value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
      </label>
      <fieldset className="checks">
        <legend>Scopes</legend>
        {offered.map((scope) => (
          <label key={scope}>
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
            <code>{scope}</code>
          </label>
        ))}
      </fieldset>
      <Problem error={problem} />
      <button type="submit" className="button" aria-disabled={isBusy}>
        Create
      </button>
    </form>
  )
}
