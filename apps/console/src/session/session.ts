import { createHallpassClient, type HallpassClient } from '@hallpass/client'
import type { Operations, OutputOf } from '@hallpass/contracts'
import { holdsScope, type Scope } from '@hallpass/contracts/core'
import { createContext, useContext } from 'react'

type Caller = OutputOf<Operations['admin.caller.get']>

/** An account that the key can act on. */
export type Account = Caller['account']

/** The key that the operator signed in with, and the account that it acts on. */
export interface Session {
  /** The typed client that sends the operator's key. */
  readonly hallpass: HallpassClient
  readonly apiKey: Caller['api_key']
  /** The key's own account. */
  readonly home: Account
  /** The account that is shown and changed: the key's own, or a child of it. */
  readonly account: Account
  readonly actOn: (account: Account) => void
  readonly signOut: () => void
}

const Context = createContext<Session | undefined>(undefined)

/** Provides the session to the sections. */
export const SessionProvider = Context.Provider

export function useSession(): Session {
  const session = useContext(Context)
  if (!session) throw new Error('useSession must be called inside a SessionProvider.')
  return session
}

export const useHallpass = (): HallpassClient => useSession().hallpass

/** Whether the key may do what needs this scope. */
export function useHolds(scope: Scope): boolean {
  return holdsScope(useSession().apiKey.scopes, scope)
}

const timeoutMilliseconds = 10_000

/** A client for this page's server. A call that fails is not repeated by the client, because the page does so visibly. */
export const clientFor = (apiKey: string, fetch: typeof globalThis.fetch, accountId?: string): HallpassClient =>
  createHallpassClient({
    baseUrl: location.origin,
    apiKey,
    fetch,
    timeout: timeoutMilliseconds,
    maxRetries: 1,
    ...(accountId === undefined ? {} : { accountId }),
  })
