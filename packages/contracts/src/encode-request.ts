import type { Operation } from './operation.js'

/** One call of an operation as a REST request. */
export interface EncodedRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Path and query, without the origin. */
  readonly target: string
  readonly contentType?: 'application/json' | 'application/x-www-form-urlencoded'
  readonly body?: string
}

/** Encodes an input as the operation's canonical REST request: fields go to the path, the query or the body. */
export function encodeRequest(operation: Operation, input: Readonly<Record<string, unknown>>): EncodedRequest {
  const rest = { ...input }
  const take = (name: string) => {
    const value = rest[name]
    delete rest[name]
    return value === undefined ? undefined : String(value)
  }
  const path = (operation.paths[0] ?? '/').replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(take(name) ?? ''),
  )
  const query = new URLSearchParams()
  for (const name of operation.queryFields ?? []) {
    const value = take(name)
    if (value !== undefined) query.set(name, value)
  }
  const method = operation.methods[0] ?? 'POST'
  const target = query.size > 0 ? `${path}?${query}` : path
  if (operation.body === 'ignored') return { method, target }
  if (operation.body === 'json') return { method, target, contentType: 'application/json', body: JSON.stringify(rest) }
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) form.set(name, String(value))
  }
  return { method, target, contentType: 'application/x-www-form-urlencoded', body: form.toString() }
}
