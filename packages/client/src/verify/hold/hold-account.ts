import type { CachedRevocations, Revocations } from '../cache-revocations.js'
import { isNamed } from '../is-revoked.js'
import type { Holding, ProvenToken } from './held-token.js'
import type { HoldEndReason } from './hold-ended.js'

interface Deps {
  readonly feed: CachedRevocations
  readonly now: () => number
  /** Undefined if a feed that can't be refreshed is accepted indefinitely. */
  readonly maxStalenessSeconds: number | undefined
  /** Keeps the feed up to date. Returns a function that stops this. */
  readonly watch: (feed: CachedRevocations) => () => void
}

/** The held tokens of one account, which end when its feed revokes them. The feed is only watched while there are any. */
export interface AccountHoldings {
  /** Why a token has ended, according to the cached feed. */
  readonly refuse: (token: ProvenToken) => HoldEndReason | undefined
  readonly add: (holding: Holding) => void
  readonly remove: (holding: Holding) => void
  readonly size: () => number
}

/** The maximum delay in milliseconds before a clock that was set forward is noticed. */
const longestWait = 10_000

export function holdAccount({ feed, now, maxStalenessSeconds, watch }: Deps): AccountHoldings {
  const holdings = new Set<Holding>()
  const staleIn = (revocations: Revocations | undefined) => {
    if (maxStalenessSeconds === undefined) return Number.POSITIVE_INFINITY
    return ((revocations?.iat ?? Number.NEGATIVE_INFINITY) + maxStalenessSeconds) * 1000 - now()
  }
  let stop = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined

  const refuse: AccountHoldings['refuse'] = ({ kid, named }) => {
    const revocations = feed.peek()
    if (revocations && !revocations.keys.has(kid)) return 'unknown_key'
    if (revocations && isNamed(revocations, named)) return 'revoked'
    return staleIn(revocations) < 0 ? 'unavailable' : undefined
  }
  const check = () => {
    for (const holding of holdings) {
      const reason = refuse(holding.token())
      if (reason) holding.end(reason)
    }
    clearTimeout(timer)
    if (holdings.size > 0) timer = setTimeout(check, Math.min(longestWait, Math.max(0, staleIn(feed.peek())) + 1))
  }
  const start = () => {
    const stopListening = feed.onValue(check)
    const stopWatching = watch(feed)
    stop = () => {
      stopListening()
      stopWatching()
      clearTimeout(timer)
    }
    check()
  }
  return {
    refuse,
    add(holding) {
      holdings.add(holding)
      if (holdings.size === 1) start()
    },
    remove(holding) {
      if (holdings.delete(holding) && holdings.size === 0) stop()
    },
    size: () => holdings.size,
  }
}
