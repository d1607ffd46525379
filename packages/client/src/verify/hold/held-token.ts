import { type ClaimsOf, parseJws } from '@hallpass/contracts'
import { type NamedToken, nameToken } from '../is-revoked.js'
import { type RefusedVerdict, refused, type Verdict, type VerifiableKind } from '../verdict.js'
import { HoldEndedError, type HoldEndReason } from './hold-ended.js'

/** A token that is held for as long as a connection is open. */
export interface HeldToken<K extends VerifiableKind> {
  readonly ok: true
  /** Those of the newest token. */
  readonly claims: ClaimsOf<K>
  /** Aborts when the token ends, with a {@link HoldEndedError} as its reason. */
  readonly signal: AbortSignal
  /**
   * Goes on with a newer token of the same session (for bridge tokens: of the same customer). Any other is refused, and
   * the token that is held stays.
   */
  readonly renew: (token: string | undefined) => Promise<Verdict<K>>
  /** Lets go of the token, because its connection is closed. The signal never aborts after that. */
  readonly release: () => void
}

export interface HoldOptions {
  /** Called once, when the token ends. */
  readonly onEnd?: (reason: HoldEndReason) => void
}

/** A token that is good, with what its end can be seen by. */
export interface ProvenToken<K extends VerifiableKind = VerifiableKind> {
  readonly ok: true
  readonly claims: ClaimsOf<K>
  /** The key that signed it. */
  readonly kid: string
  readonly named: NamedToken
}

/** A token on the lists of what may end. */
export interface Holding {
  readonly token: () => ProvenToken
  readonly end: (reason: HoldEndReason) => void
}

interface Deps<K extends VerifiableKind> {
  readonly prove: (token: string | undefined) => Promise<ProvenToken<K> | RefusedVerdict>
  /** Why a token has ended, by what is known now. */
  readonly refuse: (token: ProvenToken) => HoldEndReason | undefined
  readonly add: (holding: Holding) => void
  readonly remove: (holding: Holding) => void
  /** Makes a change after which the token expires at another time. */
  readonly reschedule: (holding: Holding, change: () => void) => void
}

export function heldToken<K extends VerifiableKind>(
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
      // an older one that comes late shortens nothing
      if (isHeld && next.claims.exp > token.claims.exp) {
        reschedule(holding, () => {
          token = next
        })
      }
      return { ok: true, claims: next.claims }
    },
  }
}

/** `kid` and names are read here, once; whether the token is good was found out before. */
export async function proveToken<K extends VerifiableKind>(
  token: string | undefined,
  verdict: Verdict<K>,
): Promise<ProvenToken<K> | RefusedVerdict> {
  if (!verdict.ok) return verdict
  const kid = parseJws(token ?? '')?.kid ?? ''
  return { ...verdict, kid, named: await nameToken(verdict.claims) }
}

function isSameSubject(one: ClaimsOf<VerifiableKind>, other: ClaimsOf<VerifiableKind>): boolean {
  const sessionOf = (claims: ClaimsOf<VerifiableKind>) => (claims.aud === 'bridge' ? undefined : claims.sid)
  return one.account_id === other.account_id && one.sub === other.sub && sessionOf(one) === sessionOf(other)
}
