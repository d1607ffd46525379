import type { Repeat } from '@hallpass/contracts/core'
import { HallpassClientError } from '../errors.js'
import type { CallOptions, ClientOptions, ResponseFacts } from './options.js'
import { mayRepeat, waitBefore } from './retry.js'
import { type Answer, idempotencyKeyOf, type Outgoing, send } from './send.js'

/** The operation to call, and what happens if it is called again. */
export interface Procedure {
  readonly id: string
  readonly repeat: Repeat
}

/** Sends a call, and retries it if that is safe. Throws HallpassClientError. */
export type Call = (procedure: Procedure, input: unknown, options?: CallOptions) => Promise<Answer>

/** Time and randomness, which tests replace. */
interface Deps {
  readonly now: () => number
  readonly random: () => number
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const defaultTimeoutMilliseconds = 30_000
const defaultMaxRetries = 2
/** The maximum delay of a timer. A timer with a longer one fires immediately. */
const maxTimeoutMilliseconds = 2 ** 31 - 1

export function createCall(client: ClientOptions, deps: Deps = systemDeps): Call {
  requireSendable(client.apiKey)
  const origin = client.baseUrl.replace(/\/$/, '')
  return async ({ id, repeat }, input, options = {}) => {
    const asked = options.timeout ?? client.timeout ?? defaultTimeoutMilliseconds
    const timeout = Math.min(asked, maxTimeoutMilliseconds)
    const maxRetries = options.maxRetries ?? client.maxRetries ?? defaultMaxRetries
    const timer = AbortSignal.timeout(timeout)
    const outgoing = {
      url: `${origin}/trpc/${id}`,
      method: repeat === 'read' ? ('GET' as const) : ('POST' as const),
      input: JSON.stringify(input),
      headers: headersOf(client, options, repeat === 'keyed' && maxRetries > 0),
      signal: options.signal ? AbortSignal.any([options.signal, timer]) : timer,
    }
    const deadline = deps.now() + timeout
    for (let attempt = 1; ; attempt++) {
      const answer = await attemptOnce(client, options, { ...outgoing, attempt })
      if (!(answer instanceof HallpassClientError)) return answer
      if (attempt > maxRetries || !mayRepeat(answer, repeat)) throw answer
      const wait = waitBefore(attempt - 1, answer.details.retryAfter, deps.random)
      if (deps.now() + wait >= deadline) throw answer
      await deps.sleep(wait, outgoing.signal)
    }
  }
}

async function attemptOnce(
  client: ClientOptions,
  options: CallOptions,
  outgoing: Outgoing,
): Promise<Answer | HallpassClientError> {
  // read for each call, because it may be replaced, and called without `this`, as browsers require
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
  if (outgoing.signal.aborted) return new HallpassClientError('timeout', 'The call timed out.', details)
  return new HallpassClientError('network', 'The server is unreachable.', details)
}

/** Checks the key here, because later the runtime's own error would quote it. */
function requireSendable(apiKey: string | undefined): void {
  try {
    new Headers({ Authorization: `Bearer ${apiKey}` })
  } catch {
    throw new TypeError('The apiKey has a character that no header can hold.')
  }
}

/** The client's own headers override the caller's, in any case. */
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

/** Four random numbers of 32 bits: at most 40 digits, which every operation accepts. */
const newIdempotencyKey = () => crypto.getRandomValues(new Uint32Array(4)).join('')

const systemDeps: Deps = {
  now: () => performance.now(),
  random: Math.random,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        // the next attempt throws the abort error
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      signal.addEventListener('abort', done)
      if (signal.aborted) done()
    }),
}
