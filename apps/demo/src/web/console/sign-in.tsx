import { type FormEvent, useState } from 'react'
import { Problem } from './parts/problem.js'

interface Props {
  readonly check: (apiKey: string) => Promise<unknown>
  readonly onEnter: (apiKey: string) => void
}

/** Asks for the operator's key and checks it. */
export function SignIn({ check, onEnter }: Props) {
  const [apiKey, setApiKey] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  async function enter(event: FormEvent) {
    event.preventDefault()
    if (isBusy || apiKey === '') return
    setBusy(true)
    try {
      await check(apiKey)
      onEnter(apiKey)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <div className="page sign-in">
      <form onSubmit={enter}>
        <h1>Console</h1>
        <p className="quiet">
          Sign in with a secret key that has the scope <code>admin</code>. To create, rotate or disable a key, yours
          needs every scope of that key; <code>*</code> includes all scopes of an account. Managing signing keys also
          requires <code>host</code>. <code>npm start</code> prints a key that you can use.
        </p>
        <label className="field">
          <span>Secret key</span>
          <input
            className="input"
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={apiKey}
            onChange={(event) => setApiKey(event.target.value)}
          />
          <small>The key stays in this tab’s memory. Reloading the page forgets it.</small>
        </label>
        <Problem error={problem} />
        <button type="submit" className="button" aria-disabled={isBusy || apiKey === ''}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </div>
  )
}
