import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { deriveMessageKey } from './derive-message-key.js'

const algorithm = 'aes-256-gcm'
const tagBytes = 16

/** How many bytes {@link seal} needs as its nonce. */
export const sealNonceBytes = 24

/** The length of the nonces from before data keys had ids: plain AES-256-GCM. */
export const shortNonceBytes = 12

/**
 * Encrypts and authenticates. `context` is authenticated too, and opening needs the same context. Returns base64url. A
 * nonce of 24 bytes gives XAES-256-GCM, and one of 12 bytes plain AES-256-GCM.
 */
export function seal(key: Buffer, nonce: Buffer, plaintext: string, context: string): string {
  return sealBytes(key, nonce, Buffer.from(plaintext), Buffer.from(context)).toString('base64url')
}

/** {@link seal} for bytes: nonce, ciphertext and tag. */
export function sealBytes(key: Buffer, nonce: Buffer, plaintext: Buffer, context: Buffer): Buffer {
  const message = messageKeyOf(key, nonce)
  const cipher = createCipheriv(algorithm, message.key, message.nonce, { authTagLength: tagBytes })
  cipher.setAAD(context)
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/**
 * Like {@link seal}, but the same plaintext always gives the same bytes. The nonce is derived from its own key, the
 * context and the plaintext, so it repeats only for the very same message.
 */
export function sealDeterministic(
  key: Buffer,
  nonceKey: Buffer,
  plaintext: string,
  context: string,
  nonceBytes: number = sealNonceBytes,
): string {
  const message = `${context.length}:${context}${plaintext}`
  const nonce = createHmac('sha256', nonceKey).update(message).digest().subarray(0, nonceBytes)
  return seal(key, nonce, plaintext, context)
}

/** The plaintext. Undefined if anything is wrong. Only the canonical spelling of the bytes is accepted. */
export function open(
  key: Buffer,
  sealed: string,
  context: string,
  nonceBytes: number = sealNonceBytes,
): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== sealed) return undefined
  const message = messageKeyOf(key, bytes.subarray(0, nonceBytes))
  const decipher = createDecipheriv(algorithm, message.key, message.nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  try {
    return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}

const messageKeyOf = (key: Buffer, nonce: Buffer) =>
  nonce.length === sealNonceBytes ? deriveMessageKey(key, nonce) : { key, nonce }
