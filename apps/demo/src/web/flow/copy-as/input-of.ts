import type { ShownCall } from '../exchange.js'

type Input = Readonly<Record<string, unknown>>

/** The input of a call, wherever its door carries it: tRPC in `input` or the body, REST in path, query and body. */
export function inputOf({ path, request }: ShownCall): Input {
  // only path and query are read
  const { pathname, searchParams } = new URL(path, 'http://hallpass.invalid')
  if (typeof request.body === 'object' && request.body !== null) return { ...request.body }
  const carried = searchParams.get('input')
  if (pathname.startsWith('/trpc/') && carried !== null) return JSON.parse(carried)
  return Object.fromEntries(searchParams)
}

/** Headers that a caller chose, by the names that the operations document. */
export function chosenHeaders({ request }: ShownCall): [string, string][] {
  const chosen = ['idempotency-key', 'straddle-account-id', 'hallpass-sandbox-fault']
  return Object.entries(request.headers).filter(([name]) => chosen.includes(name.toLowerCase()))
}
