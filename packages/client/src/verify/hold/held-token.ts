import { parseJws } from '@hallpass/contracts'
import type { AnyClaims } from '../expected-kind.js'
import { type NamedToken, nameToken } from '../is-revoked.js'
import type { PresentedIn } from '../proof/check-binding.js'
import { type RefusedVerdict, refused, type Verdict, type VerifiedClaims } from '../verdict.js'
import { HoldEndedError, type HoldEndReason } from './hold-ended.js'

/** The token of an open connection. */
export interface HeldToken<K extends string> {
  readonly ok: true
  /** The claims of the newest token. */
  readonly claims: VerifiedClaims<K>
  /** Aborts when the token ends, with a {@link HoldEndedError} as its reason. */
  readonly signal: AbortSignal
  /**
   * Continues with a newer token of the same session (for bridge tokens: of the same customer, for declared kinds: of the
   * same subject and resource). Any other token is refused and changes nothing.
   */
  readonly renew: (token: string | undefined, presentedIn?: PresentedIn) => Promise<Verdict<K>>
  /** Stops watching the token. Call it when the connection is closed. The signal doesn't abort after that. */
  readonly release: () => void
}

export interface HoldOptions {
  /** The request that opens the connection. Only a token that is bound to a key needs it. */
  readonly presentedIn?: PresentedIn
  /** Called once, when the token ends. */
  readonly onEnd?: (reason: HoldEndReason) => void
}

/** A verified token, with the data for checking whether it has ended. */
export interface ProvenToken<K extends string = string> {
  readonly ok: true
  readonly claims: VerifiedClaims<K>
  /** The key that signed it. */
  readonly kid: string
  readonly named: NamedToken
}

/** A held token in the lists that are checked for ended tokens. */
export interface Holding {
  readonly token: () => ProvenToken
  readonly end: (reason: HoldEndReason) => void
}

interface Deps<K extends string> {
  readonly prove: (token: string | undefined, presentedIn?: PresentedIn) => Promise<ProvenToken<K> | RefusedVerdict>
  /** Why a token has ended, according to the cached data. */
  readonly refuse: (token: ProvenToken) => HoldEndReason | undefined
  readonly add: (holding: Holding) => void
  readonly remove: (holding: Holding) => void
  /** Applies a change that changes the token's expiry. */
  readonly reschedule: (holding: Holding, change: () => void) => void
}

export function heldToken<K extends string>(
  { prove, refuse, add, remove, reschedule }: Deps<K>,
  first: ProvenToken<K>,
  { onEnd }: HoldOptions,
): HeldToken<K> {
  const controller = new AbortController()
  let token = first
  let ended: HoldEndReason | undefined
  let isHeld = true
  const release = () => {
    if (isHeld) remove(holding)
    isHeld = false
  }
  const holding: Holding = {
    token: () => token,
    end(reason) {
      release()
      ended = reason
      controller.abort(new HoldEndedError(reason))
    },
  }
  if (onEnd) controller.signal.addEventListener('abort', () => ended && onEnd(ended))
  add(holding)
  return {
    ok: true,
    signal: controller.signal,
    release,
    get claims() {
      return token.claims
    },
    async renew(newer) {
      const next = await prove(newer)
      if (!next.ok) return next
      const reason = ended ?? (isSameSubject(token.claims, next.claims) ? refuse(next) : 'wrong_subject')
      if (reason) return refused({ reason })
      // ignore an older token that arrives late
      if (isHeld && next.claims.exp > token.claims.exp) {
        reschedule(holding, () => {
          token = next
        })
      }
      return { ok: true, claims: next.claims }
    },
  }
}

/** Adds the `kid` and the names of a verified token. */
export async function proveToken<K extends string>(
  token: string | undefined,
  verdict: Verdict<K>,
): Promise<ProvenToken<K> | RefusedVerdict> {
  if (!verdict.ok) return verdict
  const kid = parseJws(token ?? '')?.kid ?? ''
  return { ...verdict, kid, named: await nameToken(verdict.claims) }
}

function isSameSubject(one: AnyClaims, other: AnyClaims): boolean {
  const heldFor = (claims: AnyClaims) => ('sid' in claims ? claims.sid : 'kind' in claims ? claims.resource : undefined)
  return one.account_id === other.account_id && one.sub === other.sub && heldFor(one) === heldFor(other)
}
