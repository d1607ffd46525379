import { limitBody } from './limit-body.js'

/** How to reach the issuer's documents. */
export interface Endpoint {
  /** The issuer's own origin, or another URL at which it can be reached. */
  readonly baseUrl: string
  readonly fetch: typeof globalThis.fetch
}

const timeoutMilliseconds = 5_000

interface Asked {
  readonly path: string
  /** Whether HTTP caches must revalidate the document. */
  readonly forced: boolean
  /** Reading a longer body throws. */
  readonly mostBytes: number
}

/** Fetches a public document. Rejects if the status isn't 200, or if there is no response within 5 seconds. */
export async function fetchDocument(
  { baseUrl, fetch }: Endpoint,
  { path, forced, mostBytes }: Asked,
): Promise<Response> {
  const response = await fetch(baseUrl + path, {
    headers: forced ? { 'Cache-Control': 'no-cache' } : {},
    signal: AbortSignal.timeout(timeoutMilliseconds),
  })
  if (response.status === 200) return limitBody(response, mostBytes)
  await response.body?.cancel()
  throw new UnexpectedStatus(path, response.status)
}

/** The response had a status other than 200. */
export class UnexpectedStatus extends Error {
  override readonly name = 'UnexpectedStatus'
  readonly status: number

  constructor(path: string, status: number) {
    super(`${path} returned status ${status}.`)
    this.status = status
  }
}
