import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'

const maxParameters = 64

/**
 * The named fields of a query or form body (application/x-www-form-urlencoded), read in one pass. All others are
 * skipped. A repeated field becomes an array, which no schema accepts as a string.
 */
export function readFields(text: string, names: readonly string[]): Record<string, unknown> {
  requireFewParameters(text)
  const found = new Map<string, string | string[]>()
  for (const [name, value] of names.length === 0 ? [] : parametersOf(text)) {
    if (!names.includes(name)) continue
    const earlier = found.get(name)
    if (earlier === undefined) found.set(name, value)
    else if (typeof earlier === 'string') found.set(name, [earlier, value])
    else earlier.push(value)
  }
  return Object.fromEntries(found)
}

/** Everything but this stands for itself. */
const encoded = /[^!-$&-*,-~]/

/** Most texts have nothing to decode: a client key, a token. Splitting that of a token takes 1 µs less. */
function parametersOf(text: string): Iterable<readonly [name: string, value: string]> {
  if (encoded.test(text)) return new URLSearchParams(text)
  const pairs: [name: string, value: string][] = []
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=')
    if (equals >= 0) pairs.push([pair.slice(0, equals), pair.slice(equals + 1)])
    else if (pair !== '') pairs.push([pair, ''])
  }
  return pairs
}

/** Counts before decoding, so that a refused request costs no more than reading its bytes. */
function requireFewParameters(text: string): void {
  let count = 0
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('&', start)
    const next = end < 0 ? text.length : end
    if (next > start) count++
    if (count > maxParameters) {
      throw new HallpassError('malformed_request', messages.tooManyParameters(maxParameters))
    }
    start = next + 1
  }
}
