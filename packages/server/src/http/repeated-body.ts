import { etagOf } from './etag.js'

/** A body, its validator, and the headers of its response. */
interface RepeatedBody {
  readonly text: string
  readonly etag: string
  readonly headers: Readonly<Record<string, string>>
}

const bodies = new WeakMap<object, RepeatedBody>()

/**
 * The body of a value that is sent many times, such as a client key's configuration. Its JSON, digest and headers are
 * made once for each object, which took a tenth of a call. A value is never changed once it was returned, and belongs to
 * one operation.
 */
export function repeatedBody(value: unknown, cacheSeconds: number): RepeatedBody {
  const isObject = typeof value === 'object' && value !== null
  const known = isObject ? bodies.get(value) : undefined
  if (known) return known
  const text = JSON.stringify(value)
  const etag = etagOf(text)
  const cacheControl = `public, max-age=${cacheSeconds}`
  const headers = { 'Content-Type': 'application/json', ETag: etag, 'Cache-Control': cacheControl }
  const made = { text, etag, headers }
  if (isObject) bodies.set(value, made)
  return made
}
