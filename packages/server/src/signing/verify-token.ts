import {
  type ClaimsOf,
  isSignedBy,
  type JwtKind,
  type ParsedToken,
  type PublicKey,
  parseToken,
  validateClaims,
} from '@hallpass/contracts'
import { type Clock, toSeconds } from '../clock.js'
import type { KeyRing } from './key-ring.js'
import type { VerifiedSignatures } from './verified-signatures.js'

export interface VerifyDeps {
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'verificationKey'>
  readonly verified?: VerifiedSignatures
}

/** How strictly times are checked. */
export interface VerifyOptions {
  /** Also accepts an expired token, because it still identifies what its holder wants to end. */
  readonly evenExpired?: boolean
  /**
   * Also accepts a token from the future, left by a clock that was ahead, so that it can be revoked before it becomes
   * valid.
   */
  readonly evenEarly?: boolean
  /** The same token, if the caller has parsed it already: parsing takes 10 µs. */
  readonly parsed?: ParsedToken
}

/** {@link verifyToken} with its dependencies already given. */
export type Verify = <K extends JwtKind>(
  kind: K,
  token: string,
  options?: VerifyOptions,
) => Promise<ClaimsOf<K> | undefined>

/** The claims of a valid token of this kind, or undefined. The reason for a rejection is deliberately not returned. */
export async function verifyToken<K extends JwtKind>(
  deps: VerifyDeps,
  kind: K,
  token: string,
  options: VerifyOptions = {},
): Promise<ClaimsOf<K> | undefined> {
  const parsed = options.parsed ?? parseToken(token)
  if (parsed?.kind !== kind) return undefined
  const key = deps.keyRing.verificationKey(parsed.kid)
  if (!key || !(await hasValidSignature(deps, key, token, parsed))) return undefined
  const now = withinLife(parsed.payload, toSeconds(deps.clock.now()), options)
  const judged = validateClaims(kind, parsed.payload, { issuer: deps.issuer(), now })
  return 'claims' in judged ? judged.claims : undefined
}

async function hasValidSignature(
  { verified }: VerifyDeps,
  key: PublicKey,
  token: string,
  parsed: Parameters<typeof isSignedBy>[2],
): Promise<boolean> {
  if (verified?.has(token)) return true
  const isValid = await isSignedBy(key, token, parsed)
  if (isValid) verified?.add(token)
  return isValid
}

/** Now, or the nearest second of the token's lifetime if now is outside it and the options allow that. */
function withinLife(payload: unknown, now: number, { evenExpired, evenEarly }: VerifyOptions): number {
  if (typeof payload !== 'object' || payload === null) return now
  if (evenEarly && 'iat' in payload && typeof payload.iat === 'number' && payload.iat > now) return payload.iat
  if (evenExpired && 'exp' in payload && typeof payload.exp === 'number') return Math.min(now, payload.exp - 1)
  return now
}
