import type { Fault, Given, Seen } from './faulty-server.js'

/** A fault, with the API and the checks that must name it. */
export type ConformFault = readonly [what: string, api: string, fault: Fault, found: readonly string[]]

/** A fault of the requests whose path has this text. */
export const on =
  (path: string, fault: Fault): Fault =>
  (seen, forward) =>
    seen.path.includes(path) ? fault(seen, forward) : forward()
export const withBody = (change: (body: string) => string) => (given: Given) => ({ ...given, body: change(given.body) })
export const without = (header: string) => (given: Given) => ({
  ...given,
  headers: Object.fromEntries(Object.entries(given.headers).filter(([name]) => name !== header)),
})
export const answer =
  (change: (given: Given) => Given): Fault =>
  async (_, forward) =>
    change(await forward())
/** One status instead of another. */
export const faultyStatus = (from: number, to: number): Fault =>
  answer((given) => (given.status === from ? { ...given, status: to } : given))
export const withHeaders =
  (change: (headers: Seen['headers']) => Seen['headers']): Fault =>
  (seen, forward) =>
    forward({ headers: change(seen.headers) })
/** Remembers the first success for each value of a key, and repeats it. */
export function repeating(keyOf: (seen: Seen) => string): Fault {
  const held = new Map<string, Given>()
  return async (seen, forward) => {
    const given = held.get(keyOf(seen)) ?? (await forward())
    if (given.status === 200) held.set(keyOf(seen), given)
    return given
  }
}
/** Changes the claims of each JWT of a body. */
export const withClaims = (change: (claims: Record<string, unknown>) => object) =>
  withBody((body) =>
    body.replace(/(eyJ[\w-]+)\.(eyJ[\w-]+)\.([\w-]+)/g, (_, header: string, payload: string, signature: string) => {
      const claims = change(JSON.parse(Buffer.from(payload, 'base64url').toString()))
      return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
    }),
  )
