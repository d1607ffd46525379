import type { HeldRevocations } from '../hold-revocations.js'
import { type RefusedVerdict, refused, type Verdict, type VerifiableKind } from '../verdict.js'
import { createExpiryTimer } from './expiry-timer.js'
import { type HeldToken, type Holding, type HoldOptions, heldToken, proveToken } from './held-token.js'
import { type AccountHoldings, holdAccount } from './hold-account.js'

interface Deps<K extends VerifiableKind> {
  readonly verify: (token: string | undefined) => Promise<Verdict<K>>
  /** The feed of an account; undefined where tokens are good until they expire. */
  readonly feedOf: (accountId: string) => HeldRevocations | undefined
  /** Keeps a feed new until the function it gives is called. */
  readonly watch: (feed: HeldRevocations, isStreamed: boolean) => () => void
  /** Undefined where a feed that can't be renewed is believed for ever. */
  readonly maxStalenessSeconds: number | undefined
  readonly now: () => number
}

/** Each takes about 2 kB. */
const maxHeld = 100_000
/** Only so many feeds are streamed; those of more accounts are asked for every few seconds. */
const maxStreams = 32

/** Verifies tokens and holds them until they end. All share one timer for the next that expires, and one look at each feed. */
export function createHolder<K extends VerifiableKind>(deps: Deps<K>) {
  const accounts = new Map<string, AccountHoldings>()
  const expiries = createExpiryTimer<Holding>(deps.now, ({ end }) => end('expired'))
  let held = 0

  const accountOf = (accountId: string) => {
    const feed = deps.feedOf(accountId)
    const watch = (revocations: HeldRevocations) => deps.watch(revocations, accounts.size <= maxStreams)
    return accounts.get(accountId) ?? (feed && holdAccount({ ...deps, feed, watch }))
  }
  const prove = async (token: string | undefined) => {
    const proven = await proveToken(token, await deps.verify(token))
    const feed = proven.ok ? deps.feedOf(proven.claims.account_id) : undefined
    // who verifies by introspection may not have read it yet, or not since the key was made
    const revocations = await feed?.get()
    if (proven.ok && !revocations?.keys.has(proven.kid)) await feed?.renew()
    return proven
  }

  return async (token: string | undefined, options: HoldOptions = {}): Promise<HeldToken<K> | RefusedVerdict> => {
    const proven = await prove(token)
    if (!proven.ok) return proven
    if (held >= maxHeld) return refused({ reason: 'unavailable', cause: new Error(`${maxHeld} tokens are held.`) })
    const { account_id } = proven.claims
    const account = accountOf(account_id)
    const refuse: AccountHoldings['refuse'] = (one) => account?.refuse(one)
    // a feed may have come since the token was verified
    const reason = refuse(proven)
    if (reason) return refused({ reason })
    const add = (holding: Holding) => {
      held++
      expiries.add(holding, holding.token().claims.exp)
      if (account) accounts.set(account_id, account)
      account?.add(holding)
    }
    const remove = (holding: Holding) => {
      held--
      expiries.remove(holding, holding.token().claims.exp)
      account?.remove(holding)
      if (account?.size() === 0) accounts.delete(account_id)
    }
    const reschedule = (holding: Holding, change: () => void) => {
      expiries.remove(holding, holding.token().claims.exp)
      change()
      expiries.add(holding, holding.token().claims.exp)
    }
    return heldToken({ prove, refuse, add, remove, reschedule }, proven, options)
  }
}
