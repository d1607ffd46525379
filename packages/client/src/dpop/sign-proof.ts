/** The request that a proof is for. */
export interface ProvenRequest {
  readonly method: string
  readonly url: string
  /** The token in the request. */
  readonly token?: string | undefined
}

/** A proof of possession of the key for one request (RFC 9449 section 4.2). */
export async function signProof(
  { privateKey, publicKey }: CryptoKeyPair,
  { method, url, token }: ProvenRequest,
): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: url.replace(/[?#].*/s, ''),
    iat: Math.floor(Date.now() / 1000),
    // absent without a token
    ath: token === undefined ? undefined : encode(await crypto.subtle.digest('SHA-256', bytesOf(token))),
  }
  const signed = [header, claims].map((part) => encode(bytesOf(JSON.stringify(part)))).join('.')
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  return `${signed}.${encode(await crypto.subtle.sign(algorithm, privateKey, bytesOf(signed)))}`
}

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** base64url without padding. */
const encode = (bytes: ArrayBuffer | Uint8Array) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
