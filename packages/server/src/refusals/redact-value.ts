import { isPageOrigin, uuidPattern } from '@hallpass/contracts'

const publicKey = /^pk_(test|live)_[A-Za-z0-9_-]{1,64}$/
const fieldName = /^(?!sk_)[a-z]+(_[a-z]+){0,5}$/
const maxShown = 200

/**
 * A rejected value in a form that is safe to store. Shown unchanged if it can't be a secret: a client key, an origin, a
 * number, or a value close to an allowed one. Of a UUID, only the beginning is shown, and of anything else only its
 * kind.
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

/** The value in another case or with other separators. Anything longer may be private. */
const isNearlyOneOf = (allowed: readonly string[], value: string) =>
  /^[A-Za-z _-]+$/.test(value) && allowed.some((one) => lettersOf(one) === lettersOf(value))

const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '')

/** The name of an unknown field, if it looks like a field name. */
export const redactFieldName = (name: string): string =>
  name.split('.').every((part) => part.length <= maxShown && fieldName.test(part)) ? name : 'a field'
