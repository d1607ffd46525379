import { limitBody } from './limit-body.js'

/** How to reach the issuer's documents. */
export interface Reach {
  /** Where the issuer answers: its own origin, or another under which it is reached. */
  readonly baseUrl: string
  readonly fetch: typeof globalThis.fetch
}

const timeoutMilliseconds = 5_000

interface Asked {
  readonly path: string
  /** Caches on the way must ask again. */
  readonly forced: boolean
  /** Reading a longer body fails. */
  readonly mostBytes: number
}

/** Gets a public document. Rejects unless the response has status 200 and comes within 5 s. */
export async function fetchDocument({ baseUrl, fetch }: Reach, { path, forced, mostBytes }: Asked): Promise<Response> {
  const response = await fetch(baseUrl + path, {
    headers: forced ? { 'Cache-Control': 'no-cache' } : {},
    signal: AbortSignal.timeout(timeoutMilliseconds),
  })
  if (response.status === 200) return limitBody(response, mostBytes)
  await response.body?.cancel()
  throw new UnexpectedStatus(path, response.status)
}

/** The issuer's response was not the document. */
export class UnexpectedStatus extends Error {
  override readonly name = 'UnexpectedStatus'
  readonly status: number

  constructor(path: string, status: number) {
    super(`${path} answered with status ${status}`)
    this.status = status
  }
}
