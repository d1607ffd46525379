import { isPageOrigin, uuidPattern } from '@hallpass/contracts'

const publicKey = /^pk_(test|live)_[A-Za-z0-9_-]{1,64}$/
const fieldName = /^(?!sk_)[a-z]+(_[a-z]+){0,5}$/
const maxShown = 200

/**
 * A value that was refused, in words that can be kept: as it came where it is plainly no secret (a client key, an origin,
 * a number, a value that was nearly one of those allowed), the beginning of a UUID, else only what kind of value it is.
 */
export function redactValue(value: unknown, allowed: readonly string[] = []): string {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value !== 'string') return 'an object'
  if (value === '') return 'an empty text'
  // card widget tokens are UUIDs too
  if (uuidPattern.test(value)) return `${value.slice(0, 8)}-…`
  return isPlain(value, allowed) ? value : `a text of ${value.length} characters`
}

function isPlain(value: string, allowed: readonly string[]): boolean {
  if (value.length > maxShown) return false
  return publicKey.test(value) || isPageOrigin(value) || isNearlyOneOf(allowed, value)
}

/** Another case or another way to part words; what has anything more in it is somebody's own text. */
const isNearlyOneOf = (allowed: readonly string[], value: string) =>
  /^[A-Za-z _-]+$/.test(value) && allowed.some((one) => lettersOf(one) === lettersOf(value))

const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '')

/** The name of a field that nobody knows, where it reads like one. */
export const tellFieldName = (name: string): string =>
  name.split('.').every((part) => part.length <= maxShown && fieldName.test(part)) ? name : 'a field'
