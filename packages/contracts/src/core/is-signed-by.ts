import { bytesOfBase64url, isCanonicalBase64url } from './base64url.js'

/** Signature algorithms of tokens (RFC 8037 section 3.1, RFC 7518 section 3.4). */
export type TokenAlg = 'EdDSA' | 'ES256'

/** A public key in a JWK set (RFC 7517 section 4, RFC 7518 section 6.2, RFC 8037 section 2). */
export interface PublicJwk {
  readonly kid?: string
  readonly kty?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
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
  EdDSA: { curve: 'Ed25519', parameters: { name: 'Ed25519' } },
  ES256: { curve: 'P-256', parameters: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } },
} as const

/** Imports a key of a JWK set (RFC 7517). Returns undefined if it is invalid or doesn't sign tokens. */
export async function importPublicKey(jwk: PublicJwk): Promise<PublicKey | undefined> {
  const { kty, crv, x, y, use } = jwk
  const alg = jwk.alg === 'EdDSA' || jwk.alg === 'ES256' ? jwk.alg : undefined
  if (!alg || algorithms[alg].curve !== crv || (use !== undefined && use !== 'sig')) return undefined
  try {
    // other members, such as `ext`, could make the key unusable
    const members = { kty, crv, x, y }
    return { alg, key: await crypto.subtle.importKey('jwk', members, algorithms[alg].parameters, true, ['verify']) }
  } catch {
    return undefined
  }
}

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
