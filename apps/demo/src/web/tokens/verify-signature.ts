import { importPublicKey, isSignedBy, type PublicJwk } from '@hallpass/contracts/core'
import { decodeToken } from './decode-token.js'

/** What came of checking a signature. */
export type SignatureCheck =
  | { readonly valid: true; readonly alg: string; readonly kid: string }
  | { readonly valid: false; readonly why: string }

/** Checks a token's signature here, with the public keys that Hallpass publishes. Asks again for a key it does not know. */
export async function verifySignature(raw: string, hallpassUrl: string): Promise<SignatureCheck> {
  const { alg, kid } = decodeToken(raw)?.header ?? {}
  if (typeof alg !== 'string' || typeof kid !== 'string') return { valid: false, why: 'this is not a signed token' }
  try {
    const find = (keys: readonly PublicJwk[]) => keys.find((key) => key.kid === kid)
    const jwk = find(await publishedKeys(hallpassUrl)) ?? find(await publishedKeys(hallpassUrl, 'no-cache'))
    const key = jwk && (await importPublicKey(jwk))
    if (!key) return { valid: false, why: 'no published key signed this' }
    const valid = await isSignedBy(key, raw, { alg })
    return valid ? { valid, alg, kid } : { valid, why: 'the signature does not fit what it signs' }
  } catch {
    return { valid: false, why: 'the public keys could not be read' }
  }
}

async function publishedKeys(hallpassUrl: string, cache: RequestCache = 'default'): Promise<readonly PublicJwk[]> {
  const response = await fetch(`${hallpassUrl}/.well-known/jwks.json`, { cache, credentials: 'omit' })
  // RFC 7517; every key is checked before it is used
  return ((await response.json()) as { readonly keys: readonly PublicJwk[] }).keys
}
