import { type JwtKind, jwtKinds } from '../claims.js'
import { bytesOfBase64url, isCanonicalBase64url } from '../core/base64url.js'
import type { TokenAlg } from '../core/is-signed-by.js'

/** A signed document that is well formed; its signature and what it says are still unproven. */
export interface ParsedJws {
  readonly typ: string
  readonly kid: string
  readonly alg: TokenAlg
  readonly payload: unknown
}

/** A token that is well formed; its signature and claims are still unproven. */
export interface ParsedToken extends ParsedJws {
  readonly kind: JwtKind
}

// 4 KiB of traits and 4 KiB of metadata fit, and names at their longest, all of it in control characters
const longestToken = 32_768
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const kindsByTyp = new Map(Object.entries(jwtKinds).map(([kind, { typ }]) => [typ as string, kind as JwtKind]))

/** Takes a JWT apart, or undefined when it is not one that this service could have written. */
export function parseToken(token: string): ParsedToken | undefined {
  const jws = parseJws(token)
  const kind = jws && kindsByTyp.get(jws.typ)
  return jws && kind && { ...jws, kind }
}

/**
 * Takes a compact JWS (RFC 7515 section 7.1) apart, or undefined when it is not spelled as this service spells its own:
 * another spelling of the same bytes, or of the same JSON, would be a second token.
 */
export function parseJws(jws: string, longest = longestToken): ParsedJws | undefined {
  if (jws.length > longest) return undefined
  const parts = jws.split('.', 4)
  if (parts.length !== 3 || !parts.every(isCanonicalBase64url)) return undefined
  const header = parseJson(parts[0] ?? '')
  if (!isHeader(header)) return undefined
  const payload = parseJson(parts[1] ?? '')
  return payload === undefined ? undefined : { typ: header.typ, kid: header.kid, alg: header.alg, payload }
}

/** Exactly what this service writes: no jku, jwk, x5u, x5c, crit, b64 or anything else that could steer verification. */
function isHeader(header: unknown): header is { typ: string; kid: string; alg: TokenAlg } {
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return false
  if (Object.keys(header).length !== 3 || !('alg' in header && 'kid' in header && 'typ' in header)) return false
  const { alg, kid, typ } = header
  const isKid = typeof kid === 'string' && kid.length > 0 && kid.length <= 100
  return (alg === 'EdDSA' || alg === 'ES256') && isKid && typeof typ === 'string'
}

/** JSON as this service writes it: white space or a member given twice would be a second spelling too. */
function parseJson(part: string): unknown {
  try {
    const text = utf8.decode(bytesOfBase64url(part))
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? value : undefined
  } catch {
    return undefined
  }
}
