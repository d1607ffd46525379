import type { Repeat } from '@hallpass/contracts/core'
import { HallpassClientError } from '../errors.js'
import type { CallOptions, ClientOptions, ResponseFacts } from './options.js'
import { mayRepeat, waitBefore } from './retry.js'
import { type Answer, idempotencyKeyOf, type Outgoing, send } from './send.js'

/** What is called: an operation's id, and what a repeat of it would do. */
export interface Procedure {
  readonly id: string
  readonly repeat: Repeat
}

/** Sends a call, and again where that is safe. Throws HallpassClientError. */
export type Call = (procedure: Procedure, input: unknown, options?: CallOptions) => Promise<Answer>

/** Time and chance, for a test to hold still. */
interface Needs {
  readonly now: () => number
  readonly random: () => number
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const defaultTimeoutMilliseconds = 30_000
const defaultMaxRetries = 2
/** Of a timer; what is longer would be none at all. */
const longestTimeoutMilliseconds = 2 ** 31 - 1

export function createCall(client: ClientOptions, needs: Needs = systemNeeds): Call {
  requireSendable(client.apiKey)
  const origin = client.baseUrl.replace(/\/$/, '')
  return async (procedure, input, options = {}) => {
    const asked = options.timeout ?? client.timeout ?? defaultTimeoutMilliseconds
    const timeout = Math.min(asked, longestTimeoutMilliseconds)
    const maxRetries = options.maxRetries ?? client.maxRetries ?? defaultMaxRetries
    const timer = AbortSignal.timeout(timeout)
    const outgoing = {
      url: `${origin}/trpc/${procedure.id}`,
      method: procedure.repeat === 'read' ? ('GET' as const) : ('POST' as const),
      input: JSON.stringify(input),
      headers: headersOf(client, options, procedure.repeat === 'keyed' && maxRetries > 0),
      signal: options.signal ? AbortSignal.any([options.signal, timer]) : timer,
    }
    const deadline = needs.now() + timeout
    for (let attempt = 1; ; attempt++) {
      const answer = await attemptOnce(client, options, { ...outgoing, attempt })
      if (!(answer instanceof HallpassClientError)) return answer
      if (attempt > maxRetries || !mayRepeat(answer, procedure.repeat)) throw answer
      const wait = waitBefore(attempt - 1, answer.details.retryAfter, needs.random)
      if (needs.now() + wait >= deadline) throw answer
      await needs.sleep(wait, outgoing.signal)
    }
  }
}

async function attemptOnce(
  client: ClientOptions,
  options: CallOptions,
  outgoing: Outgoing,
): Promise<Answer | HallpassClientError> {
  // looked up at each call, because it may be replaced, and called alone, because a browser's insists on that
  const fetch: typeof globalThis.fetch = client.fetch ?? ((...request) => globalThis.fetch(...request))
  let facts: ResponseFacts | undefined
  const answer = await send(fetch, outgoing, (seen) => {
    facts = seen
  }).catch((cause: unknown) => toFailure(cause, options, outgoing))
  if (facts) {
    client.onResponse?.(facts)
    options.onResponse?.(facts)
  }
  return answer
}

function toFailure(cause: unknown, { signal }: CallOptions, outgoing: Outgoing): HallpassClientError {
  if (cause instanceof HallpassClientError) return cause
  const details = { cause, attempt: outgoing.attempt, idempotencyKey: idempotencyKeyOf(outgoing) }
  if (signal?.aborted) return new HallpassClientError('aborted', 'The call was aborted.', details)
  if (outgoing.signal.aborted)
    return new HallpassClientError('timeout', 'The call took longer than its timeout.', details)
  return new HallpassClientError('network', 'The server could not be reached.', details)
}

/** A key with a line break in it can be in no header; whoever would say so later would quote it. */
function requireSendable(apiKey: string | undefined): void {
  try {
    new Headers({ Authorization: `Bearer ${apiKey}` })
  } catch {
    throw new TypeError('The apiKey holds a character that no header can hold, such as a line break.')
  }
}

/** The client's own headers stand above those that were added, in whatever letters they are written. */
function headersOf(client: ClientOptions, call: CallOptions, makeKey: boolean): Headers {
  const headers = new Headers(client.headers)
  for (const [name, value] of Object.entries(call.headers ?? {})) headers.set(name, value)
  const needsKey = makeKey && !headers.has('Idempotency-Key')
  const own = {
    Authorization: client.apiKey === undefined ? undefined : `Bearer ${client.apiKey}`,
    'Straddle-Account-Id': call.accountId ?? client.accountId,
    'Idempotency-Key': call.idempotencyKey ?? (needsKey ? newIdempotencyKey() : undefined),
    'Correlation-Id': call.correlationId,
    'Request-Id': call.requestId,
    'Hallpass-Sandbox-Fault': call.sandboxFault,
  }
  for (const [name, value] of Object.entries(own)) if (value !== undefined) headers.set(name, value)
  return headers
}

/** 32 letters, which every operation takes. */
function newIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const systemNeeds: Needs = {
  now: () => performance.now(),
  random: Math.random,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        // the next attempt says that it was aborted
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      signal.addEventListener('abort', done)
      if (signal.aborted) done()
    }),
}
