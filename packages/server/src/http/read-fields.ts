import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'

const maxParameters = 64

/**
 * The named fields of a query or form body (application/x-www-form-urlencoded), read in one pass. All others are
 * skipped. A repeated field becomes an array, which no schema accepts as a string.
 */
export function readFields(text: string, names: readonly string[]): Record<string, unknown> {
  requireFewParameters(text)
  const wanted = new Set(names)
  const found = new Map<string, string[]>()
  for (const [name, value] of wanted.size === 0 ? [] : new URLSearchParams(text)) {
    if (!wanted.has(name)) continue
    const values = found.get(name)
    if (values) values.push(value)
    else found.set(name, [value])
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? values[0] : values]))
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
