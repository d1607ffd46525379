import type { SandboxFaultText } from '@hallpass/contracts'

/** How to reach the service, and as whom. */
export interface ClientOptions {
  /** The service's origin, such as `https://pass.example.com`. */
  readonly baseUrl: string
  /** A secret key; without one only the visitor operations answer. Never in a browser. */
  readonly apiKey?: string
  /** Act on this child account in every call. */
  readonly accountId?: string
  /** In place of the global fetch. */
  readonly fetch?: typeof globalThis.fetch
  /** Sent with every call, beside the client's own headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** How often a call that failed for a passing reason is tried again, where that is safe: 2. With 0, no idempotency key is made. */
  readonly maxRetries?: number
  /** Milliseconds that a call may take, retries included: 30,000. */
  readonly timeout?: number
  /** Told of every answer, refusals and attempts that are tried again included. */
  readonly onResponse?: (response: ResponseFacts) => void
}

/** What one call may add. */
export interface CallOptions extends Pick<ClientOptions, 'headers' | 'maxRetries' | 'timeout' | 'onResponse'> {
  /** Where the operation knows one and none is given, the client makes it. */
  readonly idempotencyKey?: string
  readonly correlationId?: string
  readonly requestId?: string
  /** Act on this child account in this call. */
  readonly accountId?: string
  /** Sandbox accounts only: acts a failure out, so that your handling of it can be tested. */
  readonly sandboxFault?: SandboxFaultText
  readonly signal?: AbortSignal
}

/** What an answer says beside its value. */
export interface ResponseFacts {
  readonly status: number
  readonly headers: Headers
  /** The `Request-Id` of the answer: the call's own, else the server's. */
  readonly requestId: string | undefined
  readonly correlationId: string | undefined
  /** The answer is the remembered one of an earlier call with the same idempotency key. */
  readonly replayed: boolean
  /** 1 when the first attempt was answered. */
  readonly attempt: number
}
