import { isOwnAudience, type JwtKind, jwtKinds, sessionTyps } from '../claims.js'
import { isCanonicalBase64url, textOfBase64url } from '../core/base64url.js'
import { isPlainObject } from '../core/is-plain-object.js'
import { isTokenAlg, type TokenAlg } from '../core/is-signed-by.js'

/** A well-formed signed document. Its signature and content are not verified yet. */
export interface ParsedJws {
  readonly typ: string
  readonly kid: string
  readonly alg: TokenAlg
  readonly payload: unknown
}

/** A well-formed token. Its signature and claims are not verified yet. */
export interface ParsedToken extends ParsedJws {
  readonly kind: JwtKind
}

// fits 4 KiB of traits, 4 KiB of metadata and the longest names, even if every character is escaped
const maxTokenLength = 32_768
const kindsByTyp = new Map(Object.entries(jwtKinds).map(([kind, { typ }]) => [typ as string, kind as JwtKind]))
const generalTyps: ReadonlySet<string> = new Set(sessionTyps.filter((typ) => !kindsByTyp.has(typ)))

/** Parses a JWT. Returns undefined if this service can't have written it. */
export function parseToken(token: string): ParsedToken | undefined {
  const jws = parseJws(token)
  const kind = jws && kindOf(jws)
  return jws && kind && { ...jws, kind }
}

/** Only a session token has a general type, and only with an audience of its client key's own. */
function kindOf({ typ, payload }: ParsedJws): JwtKind | undefined {
  if (!generalTyps.has(typ)) return kindsByTyp.get(typ)
  const isOwn = isPlainObject(payload) && isOwnAudience(payload.aud)
  return isOwn ? 'widget-session' : undefined
}

/**
 * Parses a compact JWS (RFC 7515 section 7.1). Returns undefined unless it is encoded exactly as this service encodes its
 * own. If other encodings of the same bytes or JSON were accepted, one token would have several valid texts.
 */
export function parseJws(jws: string, maxLength = maxTokenLength): ParsedJws | undefined {
  if (jws.length > maxLength) return undefined
  const parts = jws.split('.', 4)
  if (parts.length !== 3 || !parts.every(isCanonicalBase64url)) return undefined
  const header = parseJson(parts[0] ?? '')
  if (!isHeader(header)) return undefined
  const payload = parseJson(parts[1] ?? '')
  return payload === undefined ? undefined : { typ: header.typ, kid: header.kid, alg: header.alg, payload }
}

/** Accepts exactly the members that this service writes: no jku, jwk, x5u, x5c, crit, b64 or others that affect verification. */
function isHeader(header: unknown): header is { typ: string; kid: string; alg: TokenAlg } {
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return false
  if (Object.keys(header).length !== 3 || !('alg' in header && 'kid' in header && 'typ' in header)) return false
  const { alg, kid, typ } = header
  const isKid = typeof kid === 'string' && kid.length > 0 && kid.length <= 100
  return isTokenAlg(alg) && isKid && typeof typ === 'string'
}

/** Parses JSON exactly as this service writes it, so without white space and duplicate members. */
function parseJson(part: string): unknown {
  try {
    const text = textOfBase64url(part)
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? value : undefined
  } catch {
    return undefined
  }
}
