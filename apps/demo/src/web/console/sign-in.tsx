import { type FormEvent, useState } from 'react'
import { Problem } from './parts/problem.js'

interface Props {
  readonly check: (apiKey: string) => Promise<unknown>
  readonly onEnter: (apiKey: string) => void
}

/** Asks for the operator's key, and whether it is one. */
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
          For the operator. Use a secret key with the scope <code>admin</code>. To create, rotate or disable a key,
          yours needs every scope of that key: <code>*</code> has all of an account. Signing keys take <code>host</code>{' '}
          as well. <code>npm start</code> prints a key.
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
          <small>Kept in the memory of this tab. Reloading the page forgets it.</small>
        </label>
        <Problem error={problem} />
        <button type="submit" className="button" aria-disabled={isBusy || apiKey === ''}>
          {isBusy ? 'One moment…' : 'Enter'}
        </button>
      </form>
    </div>
  )
}
