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

/** The first 16 bytes as a UUID: 6 of the bits become its version and variant (RFC 9562, section 4). */
export function formatUuid(bytes: Buffer, version: 4 | 7 | 8): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
