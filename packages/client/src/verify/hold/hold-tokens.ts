import type { CachedRevocations } from '../cache-revocations.js'
import type { PresentedIn } from '../proof/check-binding.js'
import { type RefusedVerdict, refused, type Verdict } from '../verdict.js'
import { createExpiryTimer } from './expiry-timer.js'
import { type HeldToken, type Holding, type HoldOptions, heldToken, proveToken } from './held-token.js'
import { type AccountHoldings, holdAccount } from './hold-account.js'

interface Deps<K extends string> {
  readonly verify: (token: string | undefined, presentedIn?: PresentedIn) => Promise<Verdict<K>>
  /** The feed of an account. Undefined if tokens are valid until they expire. */
  readonly feedOf: (accountId: string) => CachedRevocations | undefined
  /** Keeps a feed up to date. Returns a function that stops this. */
  readonly watch: (feed: CachedRevocations, isStreamed: boolean) => () => void
  /** Undefined if a feed that can't be refreshed is accepted indefinitely. */
  readonly maxStalenessSeconds: number | undefined
  readonly now: () => number
}

/** Each held token uses about 2 kB of memory. */
const maxHeld = 100_000
/** The maximum number of streams. The feeds of further accounts are polled every few seconds. */
const maxStreams = 32

/** Verifies tokens and holds them until they end. All tokens share one expiry timer, and one check of each feed. */
export function createHolder<K extends string>(deps: Deps<K>) {
  const accounts = new Map<string, AccountHoldings>()
  const expiries = createExpiryTimer<Holding>(deps.now, ({ end }) => end('expired'))
  let held = 0

  const accountOf = (accountId: string) => {
    const feed = deps.feedOf(accountId)
    const watch = (revocations: CachedRevocations) => deps.watch(revocations, accounts.size <= maxStreams)
    return accounts.get(accountId) ?? (feed && holdAccount({ ...deps, feed, watch }))
  }
  const prove = async (token: string | undefined, presentedIn?: PresentedIn) => {
    const proven = await proveToken(token, await deps.verify(token, presentedIn))
    const feed = proven.ok ? deps.feedOf(proven.claims.account_id) : undefined
    // with introspection, the feed may not be cached yet, or be older than the key
    const revocations = await feed?.get()
    if (proven.ok && !revocations?.keys.has(proven.kid)) await feed?.renew()
    return proven
  }

  return async (token: string | undefined, options: HoldOptions = {}): Promise<HeldToken<K> | RefusedVerdict> => {
    const proven = await prove(token, options.presentedIn)
    if (!proven.ok) return proven
    if (held >= maxHeld)
      return refused({ reason: 'unavailable', cause: new Error(`The limit of ${maxHeld} held tokens is reached.`) })
    const { account_id } = proven.claims
    const account = accountOf(account_id)
    const refuse: AccountHoldings['refuse'] = (one) => account?.refuse(one)
    // the feed may have been updated since the token was verified
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
