import { bytesOfBase64url, isCanonicalBase64url } from '../core/base64url.js'
import { isPlainObject } from '../core/is-plain-object.js'
import { importPublicKey, isSignedBy, type PublicJwk, type TokenAlg } from '../core/is-signed-by.js'
import { sha256Base64url, thumbprintOf } from './thumbprint.js'

/** What a proof is checked against. */
export interface ProofExpectations {
  readonly method: string
  /** The URL of the request. Its query and fragment don't count. */
  readonly url: string
  /** Seconds since the epoch. */
  readonly now: number
  /** The access token that the request carries. */
  readonly accessToken?: string | undefined
}

/** A proof that its sender has a key (RFC 9449 section 4.3). Whether it was used before isn't checked yet. */
export interface CheckedProof {
  /** The thumbprint of the key (RFC 7638). */
  readonly jkt: string
  /** Identifies the proof: of a fixed length, whatever the sender chose. */
  readonly id: string
  /** When it was made, in seconds. */
  readonly iat: number
  /** After this time, in seconds, nothing accepts the proof, so its id can be forgotten. */
  readonly exp: number
}

/** Why a proof is invalid. */
export type ProofIssue = 'malformed' | 'bad_signature' | 'wrong_method' | 'wrong_url' | 'wrong_token' | 'wrong_time'

/** How far the clocks of a browser and a server can differ, in seconds. */
export const proofWindowSeconds = 300
const maxProofLength = 4_096
const maxIdLength = 256

/** Checks a proof (RFC 9449 section 4.3), except for whether it was used before. Never throws. */
export async function checkProof(
  proof: string,
  { method, url, now, accessToken }: ProofExpectations,
): Promise<CheckedProof | ProofIssue> {
  const parsed = parseProof(proof)
  if (!parsed) return 'malformed'
  const { alg, jwk, claims } = parsed
  const key = await importPublicKey({ ...jwk, alg })
  if (!key || !(await isSignedBy(key, proof, { alg }))) return 'bad_signature'
  if (claims.htm !== method) return 'wrong_method'
  const target = withoutQuery(claims.htu)
  if (target === undefined || target !== withoutQuery(url)) return 'wrong_url'
  if (accessToken !== undefined && claims.ath !== (await sha256Base64url(accessToken))) return 'wrong_token'
  if (Math.abs(now - claims.iat) > proofWindowSeconds) return 'wrong_time'
  const jkt = await thumbprintOf(jwk)
  const id = await sha256Base64url(JSON.stringify([jkt, claims.jti]))
  return { jkt, id, iat: claims.iat, exp: claims.iat + proofWindowSeconds + 1 }
}

interface ParsedProof {
  readonly alg: TokenAlg
  readonly jwk: PublicJwk
  readonly claims: {
    readonly jti: string
    readonly htm: string
    readonly htu: string
    readonly iat: number
    readonly ath?: unknown
  }
}

function parseProof(proof: string): ParsedProof | undefined {
  if (proof.length > maxProofLength) return undefined
  const parts = proof.split('.', 4)
  if (parts.length !== 3 || !parts.every(isCanonicalBase64url)) return undefined
  const [header, claims] = [parseObject(parts[0]), parseObject(parts[1])]
  if (header?.typ !== 'dpop+jwt' || 'crit' in header || !isPlainObject(header.jwk)) return undefined
  const { alg, jwk } = header
  // a private key in a proof is no secret any more
  if ((alg !== 'ES256' && alg !== 'EdDSA') || 'd' in jwk || !claims) return undefined
  const { jti, htm, htu, iat, ath } = claims
  if (typeof jti !== 'string' || jti === '' || jti.length > maxIdLength) return undefined
  if (typeof htm !== 'string' || typeof htu !== 'string' || typeof iat !== 'number') return undefined
  // a time may have a fraction (RFC 7519 section 2)
  return { alg, jwk, claims: { jti, htm, htu, iat: Math.floor(iat), ath } }
}

function parseObject(part = ''): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOfBase64url(part)))
    return isPlainObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function withoutQuery(url: string): string | undefined {
  try {
    const { origin, pathname, username, password } = new URL(url)
    return username || password || origin === 'null' ? undefined : origin + pathname
  } catch {
    return undefined
  }
}
