/** How to reach the issuer's documents. */
export interface Reach {
  /** Where the issuer answers: its own origin, or another under which it is reached. */
  readonly baseUrl: string
  readonly fetch: typeof globalThis.fetch
}

const timeoutMilliseconds = 5_000

/** Gets a public document; rejects unless it is answered with 200 in 5 s. `forced`: caches on the way are to ask again, too. */
export async function fetchDocument({ baseUrl, fetch }: Reach, path: string, forced: boolean): Promise<Response> {
  const response = await fetch(baseUrl + path, {
    headers: forced ? { 'Cache-Control': 'no-cache' } : {},
    signal: AbortSignal.timeout(timeoutMilliseconds),
  })
  if (response.status === 200) return response
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
