import type { HeldRevocations, Revocations } from '../hold-revocations.js'
import { isNamed } from '../is-revoked.js'
import type { Holding, ProvenToken } from './held-token.js'
import type { HoldEndReason } from './hold-ended.js'

interface Deps {
  readonly feed: HeldRevocations
  readonly now: () => number
  /** Undefined where a feed that can't be renewed is believed for ever. */
  readonly maxStalenessSeconds: number | undefined
  /** Keeps the feed new until the function it gives is called. */
  readonly watch: (feed: HeldRevocations) => () => void
}

/** The held tokens of one account, which end with what its feed says. While there are none, the feed isn't watched. */
export interface AccountHoldings {
  /** Why a token has ended, by the feed as it is held now. */
  readonly refuse: (token: ProvenToken) => HoldEndReason | undefined
  readonly add: (holding: Holding) => void
  readonly remove: (holding: Holding) => void
  readonly size: () => number
}

/** A clock that is set ahead is noticed after this time, in milliseconds. */
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
