import type { Actor, Call } from '../../shared/backend-api.js'

/** A request of the page, and the answer when one came. */
interface Sent {
  readonly call: Call
  readonly response?: Response
}

interface RequestParts {
  readonly method: 'GET' | 'POST'
  /** Sent as JSON. */
  readonly body?: unknown
}

/** Sends a request and notes how it went. Never throws: no answer is something that the page shows too. */
export async function sendRequest(to: Actor, url: string, { method, body }: RequestParts): Promise<Sent> {
  const startedAt = performance.now()
  const { pathname, search } = new URL(url, location.href)
  const response = await fetch(url, {
    method,
    credentials: 'omit',
    ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => undefined)
  const call = {
    from: 'browser',
    to,
    method,
    path: pathname + search,
    milliseconds: Math.round(performance.now() - startedAt),
  } as const
  return response ? { call: { ...call, status: response.status }, response } : { call }
}
