import type { Clock } from './clock.js'

/**
 * A new id that contains its time of creation, to the millisecond (UUID version 7, RFC 9562). For names, never for
 * secrets.
 */
export function newId(clock: Clock): string {
  const bytes = clock.random(16)
  bytes.writeUIntBE(clock.now(), 0, 6)
  return formatUuid(bytes, 7)
}

/** A random UUID (version 4, RFC 9562). */
export const randomUuid = ({ random }: Pick<Clock, 'random'>): string => formatUuid(random(16), 4)

const digits = Buffer.from('0123456789abcdef')
const text = Buffer.alloc(36, '-')
/** Where the digits of each byte begin. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]

/**
 * The first 16 bytes as a UUID: 6 of the bits become its version and variant (RFC 9562, section 4). Written digit by digit
 * it takes half as long as joined from slices of `toString('hex')`, and a call makes two to four.
 */
export function formatUuid(bytes: Buffer, version: 4 | 7 | 8): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  for (let at = 0; at < places.length; at++) {
    const [byte, place] = [bytes[at] ?? 0, places[at] ?? 0]
    text[place] = digits[byte >> 4] ?? 0
    text[place + 1] = digits[byte & 0x0f] ?? 0
  }
  return text.toString('latin1')
}
