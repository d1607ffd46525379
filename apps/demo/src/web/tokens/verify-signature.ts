import { importPublicKey, isSignedBy, type PublicJwk } from '@hallpass/contracts/core'
import { decodeToken } from './decode-token.js'

/** The result of a signature check. */
export type SignatureCheck =
  | { readonly valid: true; readonly alg: string; readonly kid: string }
  | { readonly valid: false; readonly why: string }

/** Verifies a token's signature with Hallpass's published keys. Reloads the keys once if the token's key isn't among them. */
export async function verifySignature(raw: string, hallpassUrl: string): Promise<SignatureCheck> {
  const { alg, kid } = decodeToken(raw)?.header ?? {}
  if (typeof alg !== 'string' || typeof kid !== 'string') return { valid: false, why: 'this is not a signed token.' }
  try {
    const find = (keys: readonly PublicJwk[]) => keys.find((key) => key.kid === kid)
    const jwk = find(await publishedKeys(hallpassUrl)) ?? find(await publishedKeys(hallpassUrl, 'no-cache'))
    const key = jwk && (await importPublicKey(jwk))
    if (!key) return { valid: false, why: 'no published key signed this token.' }
    const valid = await isSignedBy(key, raw, { alg })
    return valid ? { valid, alg, kid } : { valid, why: 'the signature doesn’t match the token.' }
  } catch {
    return { valid: false, why: 'the public keys couldn’t be loaded.' }
  }
}

async function publishedKeys(hallpassUrl: string, cache: RequestCache = 'default'): Promise<readonly PublicJwk[]> {
  const response = await fetch(`${hallpassUrl}/.well-known/jwks.json`, { cache, credentials: 'omit' })
  // a JWKS (RFC 7517), whose keys are validated before use
  return ((await response.json()) as { readonly keys: readonly PublicJwk[] }).keys
}
