import type { Operations, OutputOf } from '@hallpass/contracts'
import { holdsScope } from '@hallpass/contracts/core'
import { type FormEvent, useCallback, useEffect, useState } from 'react'
import { isTransient } from './parts/is-transient.js'
import { Problem } from './parts/problem.js'
import { rememberedKey } from './session/remembered-key.js'
import { clientFor } from './session/session.js'
import { Brand } from './ui/brand.js'
import { ThemeToggle } from './ui/theme-toggle.js'

/** A checked key, and what the server says about it. */
export type SignedIn = OutputOf<Operations['admin.caller.get']> & { readonly secret: string }

interface Props {
  readonly fetch: typeof globalThis.fetch
  readonly onEnter: (signedIn: SignedIn) => void
}

/** How long to wait before a key of this tab is checked again. */
const againMilliseconds = 2_000

/** Asks for the operator's key and checks it. */
export function SignIn({ fetch, onEnter }: Props) {
  const [apiKey, setApiKey] = useState('')
  const [isKept, setKept] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(() => rememberedKey.read() !== undefined)
  const check = useCallback(
    async (secret: string) => {
      const caller = await clientFor(secret, fetch).admin.caller.get({})
      if (!holdsScope(caller.api_key.scopes, 'admin:read')) throw new MissingScope()
      onEnter({ ...caller, secret })
    },
    [fetch, onEnter],
  )
  useRememberedKey(check, (error) => {
    setProblem(error)
    setBusy(false)
  })
  async function enter(event: FormEvent) {
    event.preventDefault()
    const secret = apiKey.trim()
    if (isBusy || secret === '') return
    setBusy(true)
    setProblem(undefined)
    try {
      await check(secret)
      if (isKept) rememberedKey.keep(secret)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <>
      <header className="site-header">
        <Brand to="/console" />
        <span />
        <ThemeToggle />
      </header>
      <main className="page sign-in">
        <form onSubmit={enter}>
          <h1>Console</h1>
          <p className="quiet">
            Sign in with a secret key that has the scope <code>admin</code>, or <code>admin:read</code> to look without
            changing anything. To create, rotate or disable a key, yours needs every scope of that key.
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
          </label>
          <label className="check">
            <input type="checkbox" checked={isKept} onChange={(event) => setKept(event.target.checked)} />
            Keep me signed in until I close this tab
          </label>
          <p className="quiet small">
            Otherwise the key stays in this page’s memory, and reloading the page forgets it. It is sent to this server
            only.
          </p>
          {problem instanceof MissingScope ? (
            <p className="problem" role="alert">
              <code>insufficient_scope</code> This key can’t administer its account. Use one with the scope{' '}
              <code>admin</code> or <code>admin:read</code>.
            </p>
          ) : (
            <Problem error={problem} />
          )}
          <button type="submit" className="button" aria-disabled={isBusy || apiKey === ''}>
            {isBusy ? 'Signing in…' : 'Sign in'}
          </button>
        </form>
      </main>
    </>
  )
}

class MissingScope extends Error {}

/** Signs in with the key of this tab, if there is one. While the server doesn't respond, it tries again. */
function useRememberedKey(check: (secret: string) => Promise<void>, onRefused: (error: unknown) => void): void {
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt starts once, and the callbacks change at each render
  useEffect(() => {
    const secret = rememberedKey.read()
    if (secret === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    check(secret).catch((error) => {
      if (isTransient(error)) timer = setTimeout(() => setAttempt(attempt + 1), againMilliseconds)
      else {
        rememberedKey.forget()
        onRefused(error)
      }
    })
    return () => clearTimeout(timer)
  }, [attempt])
}
