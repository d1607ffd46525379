import type { Actor, Call, CallPart } from './calls.js'
import { redact, redactHeader } from './redact.js'

interface Between {
  readonly from: Actor
  readonly to: Actor
}

/** A request for `fetch`, and for calls to Hallpass the id of the operation. */
interface Asked {
  readonly url: string
  readonly init?: RequestInit | undefined
  readonly operation?: string | undefined
}

const shownHeaders = [
  'content-type',
  'authorization',
  'idempotency-key',
  'straddle-account-id',
  'hallpass-sandbox-fault',
  'origin',
]
const shownAnswerHeaders = ['content-type', 'retry-after', 'x-error-reason', 'idempotent-replayed', 'request-id']

/** Sends a request and passes a record of it to `note`, even if there is no response. */
export async function recordCall(
  between: Between,
  asked: Asked,
  note: (call: Call) => void,
  send: typeof fetch = (...request) => fetch(...request),
): Promise<Response> {
  const { url, init, operation } = asked
  const begun = performance.now()
  const { pathname, search } = new URL(url)
  const call = {
    id: crypto.randomUUID(),
    ...between,
    startedAt: Date.now(),
    method: init?.method ?? 'GET',
    path: pathname + search,
    ...(operation === undefined ? {} : { operation }),
    request: partOf(new Headers(init?.headers), shownHeaders, typeof init?.body === 'string' ? init.body : ''),
  }
  const elapsed = () => Math.round(performance.now() - begun)
  const response = await send(url, init).catch((error: unknown) => {
    note({ ...call, milliseconds: elapsed() })
    throw error
  })
  const text = await response.clone().text()
  const part = partOf(response.headers, shownAnswerHeaders, text)
  note({ ...call, milliseconds: elapsed(), status: response.status, response: part })
  return response
}

function partOf(headers: Headers, shown: readonly string[], body: string): CallPart {
  const seen = shown.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, redactHeader(name, value)] as const]
  })
  return { headers: Object.fromEntries(seen), ...(body === '' ? {} : { body: redact(parsed(body)) }) }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
