import { isPlainObject } from '@hallpass/contracts/core'
import type { ResponseFacts } from './options.js'
import { fromServer, fromUnknownServer, isServerError } from './to-client-error.js'

/** A call to send, in tRPC's encoding without batching (https://trpc.io/docs/rpc). */
export interface Outgoing {
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** JSON. */
  readonly input: string
  readonly headers: Headers
  readonly signal: AbortSignal
  readonly attempt: number
}

/** The value of a response, and its metadata. */
export interface Answer<T = unknown> {
  readonly data: T
  readonly response: ResponseFacts
}

/** The idempotency key that a call was sent with, whether the client or the caller created it. */
export const idempotencyKeyOf = ({ headers }: Pick<Outgoing, 'headers'>): string | undefined =>
  headers.get('Idempotency-Key') ?? undefined

/** Sends a call once. Throws HallpassClientError. */
export async function send(
  fetch: typeof globalThis.fetch,
  outgoing: Outgoing,
  onResponse: (facts: ResponseFacts) => void,
): Promise<Answer> {
  const response = await fetch(...requestOf(outgoing))
  const facts = factsOf(response, outgoing.attempt)
  onResponse(facts)
  const body = await readJson(response)
  if (response.ok && isPlainObject(body) && isPlainObject(body.result))
    return { data: body.result.data, response: facts }
  const idempotencyKey = idempotencyKeyOf(outgoing)
  if (isPlainObject(body) && isServerError(body.error)) throw fromServer(body.error, facts, idempotencyKey)
  throw fromUnknownServer(facts, idempotencyKey)
}

function requestOf({ url, method, input, headers, signal }: Outgoing): [string, RequestInit] {
  if (method === 'GET') return [`${url}?input=${encodeURIComponent(input)}`, { headers, signal }]
  headers.set('Content-Type', 'application/json')
  return [url, { method, headers, body: input, signal }]
}

function factsOf({ status, headers }: Response, attempt: number): ResponseFacts {
  return {
    status,
    headers,
    requestId: headers.get('Request-Id') ?? undefined,
    correlationId: headers.get('Correlation-Id') ?? undefined,
    replayed: headers.get('Idempotent-Replayed') === 'true',
    attempt,
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
