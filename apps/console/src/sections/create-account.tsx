import { type FormEvent, useState } from 'react'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass } from '../session/session.js'

/** A form that creates a child account. */
export function CreateAccount({ onMade }: { readonly onMade: () => void }) {
  const hallpass = useHallpass()
  const [name, setName] = useState('')
  const [tenant, setTenant] = useState('')
  const { isBusy, problem, run } = useAction()
  const create = (event: FormEvent) => {
    event.preventDefault()
    run(async () => {
      await hallpass.admin.accounts.create({ name, tenant })
      setName('')
      setTenant('')
      onMade()
    })
  }
  return (
    <form className="panel" onSubmit={create}>
      <h2>Create a child account</h2>
      <label className="field">
        <span>Name</span>
        <input className="input" maxLength={200} value={name} onChange={({ target }) => setName(target.value)} />
      </label>
      <label className="field">
        <span>Tenant label</span>
        <input
          className="input"
          required
          maxLength={100}
          placeholder="2_4"
          value={tenant}
          onChange={({ target }) => setTenant(target.value)}
        />
        <small>Card widgets show it to tell accounts apart. No other account under the same root may have it.</small>
      </label>
      <Problem error={problem} />
      <button type="submit" className="button" aria-disabled={isBusy}>
        Create
      </button>
    </form>
  )
}
