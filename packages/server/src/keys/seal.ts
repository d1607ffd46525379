import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Encrypts and authenticates; `context` is authenticated too and must be the same to open. Returns base64url. */
export function seal(key: Buffer, nonce: Buffer, plaintext: string, context: string): string {
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
}

/**
 * Like {@link seal}, but the same plaintext always gives the same bytes: the nonce follows from a key of its own, context and
 * plaintext, so a nonce is used again only for the very same message.
 */
export function sealDeterministic(key: Buffer, nonceKey: Buffer, plaintext: string, context: string): string {
  const message = `${context.length}:${context}${plaintext}`
  const nonce = createHmac('sha256', nonceKey).update(message).digest().subarray(0, nonceBytes)
  return seal(key, nonce, plaintext, context)
}

/** The plaintext, or undefined when anything at all is wrong. Only the canonical spelling of the bytes is taken. */
export function open(key: Buffer, sealed: string, context: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== sealed) return undefined
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  try {
    return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}

/** How many random bytes {@link seal} needs as its nonce. */
export const sealNonceBytes = nonceBytes
