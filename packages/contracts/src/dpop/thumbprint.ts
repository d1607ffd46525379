import type { PublicJwk } from '../core/is-signed-by.js'

/** The SHA-256 thumbprint of a public key (RFC 7638 section 3), for keys on curves. */
export function thumbprintOf({ crv, kty, x, y }: PublicJwk): Promise<string> {
  // the required members in lexicographic order, without white space; `y` is undefined for Ed25519
  return sha256Base64url(JSON.stringify({ crv, kty, x, y }))
}

export async function sha256Base64url(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(hash)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
