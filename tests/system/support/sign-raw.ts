import { createHmac, type KeyObject, sign } from 'node:crypto'

export const encode = (text: string | Buffer): string => Buffer.from(text).toString('base64url')
export const encodeJson = (value: unknown): string => encode(JSON.stringify(value))
export const decodeJson = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))

/** The three parts of a compact JWS. */
export function partsOf(token: string): [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = token.split('.')
  return [header, payload, signature]
}

/** Signs parts that are encoded already, whatever they say. */
export function signParts(key: KeyObject, header: string, payload: string): string {
  const input = Buffer.from(`${header}.${payload}`)
  const signature =
    key.asymmetricKeyType === 'ed25519'
      ? sign(null, input, key)
      : sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })
  return `${header}.${payload}.${encode(signature)}`
}

/** HS256 with any secret (RFC 7518 section 3.2). */
export function hmacParts(secret: string | Buffer, header: string, payload: string): string {
  return `${header}.${payload}.${createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')}`
}
