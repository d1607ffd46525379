import { bytesOfBase64url, isCanonicalBase64url } from './base64url.js'

/** Signature algorithms of tokens (RFC 8037 section 3.1, RFC 7518 sections 3.3 and 3.4). */
export const tokenAlgs = ['ES256', 'EdDSA', 'RS256'] as const
export type TokenAlg = (typeof tokenAlgs)[number]

export const isTokenAlg = (text: unknown): text is TokenAlg => tokenAlgs.some((alg) => alg === text)

/** A public key in a JWK set (RFC 7517 section 4, RFC 7518 sections 6.2 and 6.3, RFC 8037 section 2). */
export interface PublicJwk {
  readonly kid?: string
  readonly kty?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
  readonly alg?: string
  readonly use?: string
}

/** A public key that verifies one algorithm only. */
export interface PublicKey {
  readonly alg: TokenAlg
  /** A `CryptoKey`, in a notation that compiles with Node's types too. */
  readonly key: Parameters<typeof crypto.subtle.verify>[1]
}

const algorithms = {
  ES256: { curve: 'P-256', parameters: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } },
  EdDSA: { curve: 'Ed25519', parameters: { name: 'Ed25519' } },
  RS256: { curve: undefined, parameters: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } },
} as const

/** Imports a key of a JWK set (RFC 7517). Returns undefined if it is invalid or doesn't sign tokens. */
export async function importPublicKey(jwk: PublicJwk): Promise<PublicKey | undefined> {
  const { alg, kty, crv, x, y, n, e, use } = jwk
  if (!isTokenAlg(alg) || algorithms[alg].curve !== crv || (use !== undefined && use !== 'sig')) return undefined
  if (alg === 'RS256' && !isRsaLength(n)) return undefined
  try {
    // other members, such as `ext`, could make the key unusable
    const members = { kty, crv, x, y, n, e }
    return { alg, key: await crypto.subtle.importKey('jwk', members, algorithms[alg].parameters, true, ['verify']) }
  } catch {
    return undefined
  }
}

/** From 2,048 bits (RFC 7518 section 3.3) to 4,096, so that a key can't make verification slow. */
const isRsaLength = (modulus = '') => modulus.length >= 342 && modulus.length <= 683

/**
 * Whether a compact JWS is signed with this key (RFC 7515 section 5.2). `header` is its header, checked by `parseJws`. Its
 * `alg` must match the key, or a signature of one algorithm could be passed off as another.
 */
export async function isSignedBy(
  { alg, key }: PublicKey,
  jws: string,
  header: { readonly alg: string },
): Promise<boolean> {
  const end = jws.lastIndexOf('.')
  const signature = jws.slice(end + 1)
  if (header.alg !== alg || end < 0 || !isCanonicalBase64url(signature)) return false
  const signed = new TextEncoder().encode(jws.slice(0, end))
  try {
    return await crypto.subtle.verify(algorithms[alg].parameters, key, bytesOfBase64url(signature), signed)
  } catch {
    return false
  }
}
