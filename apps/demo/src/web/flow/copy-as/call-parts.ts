import type { ShownCall } from '../exchange.js'

/** The Hallpass that a call goes to, and the page that it comes from. */
export interface Place {
  readonly hallpassUrl: string
  readonly pageOrigin: string
}

type Input = Readonly<Record<string, unknown>>

/** The input of a call: tRPC sends it in `input` or the body, REST in the query or the body. */
export function inputOf({ path, request }: ShownCall): Input {
  // any base works: only the path and query are read
  const { pathname, searchParams } = new URL(path, 'http://hallpass.invalid')
  if (typeof request.body === 'object' && request.body !== null) return { ...request.body }
  const carried = searchParams.get('input')
  if (pathname.startsWith('/trpc/') && carried !== null) return JSON.parse(carried)
  return Object.fromEntries(searchParams)
}

/** The documented request headers that the caller set. */
export function chosenHeaders({ request }: ShownCall): [string, string][] {
  const chosen = ['idempotency-key', 'straddle-account-id', 'hallpass-sandbox-fault']
  return Object.entries(request.headers).filter(([name]) => chosen.includes(name.toLowerCase()))
}

/** Quotes a word for a POSIX shell, if necessary. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
