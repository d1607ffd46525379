import { crc32 } from 'node:zlib'
import type { Clock } from '../clock.js'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const secretBytes = 32
const secretLength = 43
const idBytes = 8
const idLength = 11
const checksumLength = 6

/**
 * A new secret key, `sk_<env>_<id>_<secret><checksum>`, with 256 random bits. The checksum lets a scanner recognize a
 * leaked key without asking the server.
 */
export function generateSecretKey(clock: Pick<Clock, 'random'>, environment: 'sandbox' | 'production'): string {
  const id = base62(clock.random(idBytes), idLength)
  const body = `sk_${environment === 'production' ? 'live' : 'test'}_${id}_${base62(clock.random(secretBytes), secretLength)}`
  return body + checksumOf(body)
}

/** A new client key, `pk_<env>_<id>`. */
export function generateClientKey(clock: Pick<Clock, 'random'>, environment: 'sandbox' | 'production'): string {
  return `pk_${environment === 'production' ? 'live' : 'test'}_${base62(clock.random(16), 22)}`
}

/** Whether a text is a secret key that this service generated, judged by its format and checksum alone. */
export function isGeneratedSecretKey(text: string): boolean {
  if (!/^sk_(test|live)_[0-9A-Za-z]{11}_[0-9A-Za-z]{49}$/.test(text)) return false
  return checksumOf(text.slice(0, -checksumLength)) === text.slice(-checksumLength)
}

const environmentPrefix = /^sk_(test|live)_/
const visibleStart = 4
const visibleEnd = 4
/** The last characters of a shorter secret part would help to guess the rest. */
const leastHiddenLength = 16

/**
 * What a list shows of a secret key: its prefix, the start of its public id, and its last four characters. Null if the
 * key is too short to show any of it.
 */
export function hintOf(secret: string): string | null {
  const prefix = environmentPrefix.exec(secret)?.[0] ?? ''
  if (secret.length - prefix.length < leastHiddenLength) return null
  const start = isGeneratedSecretKey(secret) ? prefix.length + visibleStart : prefix.length
  return `${secret.slice(0, start)}…${secret.slice(-visibleEnd)}`
}

function checksumOf(body: string): string {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return base62(checksum, checksumLength)
}

/** Bytes as a number in base 62, padded to a fixed length. */
function base62(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (; rest > 0n; rest /= 62n) text = (alphabet[Number(rest % 62n)] ?? '') + text
  return text.padStart(length, '0')
}
