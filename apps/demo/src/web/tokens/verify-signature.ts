import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'

/** What came of checking a signature. */
export type SignatureCheck =
  | { readonly valid: true; readonly alg: string; readonly kid: string }
  | { readonly valid: false; readonly why: string }

const algorithms = ['EdDSA', 'ES256']

/** Checks a token's signature here, with the public keys that Hallpass publishes. Asks again for a key it does not know. */
export async function verifySignature(raw: string, hallpassUrl: string): Promise<SignatureCheck> {
  try {
    return await check(raw, await publishedKeys(hallpassUrl))
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) return { valid: false, why: whyOf(error) }
  }
  try {
    return await check(raw, await publishedKeys(hallpassUrl, 'no-cache'))
  } catch (error) {
    return { valid: false, why: whyOf(error) }
  }
}

async function check(raw: string, keys: JSONWebKeySet): Promise<SignatureCheck> {
  const { protectedHeader } = await compactVerify(raw, createLocalJWKSet(keys), { algorithms })
  return { valid: true, alg: protectedHeader.alg, kid: protectedHeader.kid ?? '' }
}

async function publishedKeys(hallpassUrl: string, cache: RequestCache = 'default'): Promise<JSONWebKeySet> {
  const response = await fetch(`${hallpassUrl}/.well-known/jwks.json`, { cache, credentials: 'omit' })
  // RFC 7517; jose checks every key before it uses it
  return (await response.json()) as JSONWebKeySet
}

function whyOf(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature does not fit what it signs'
  if (error instanceof errors.JWKSNoMatchingKey) return 'no published key signed this'
  if (error instanceof errors.JOSEError) return 'this is not a signed token'
  return 'the public keys could not be read'
}
