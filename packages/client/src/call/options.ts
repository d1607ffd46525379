import type { SandboxFaultText } from '@hallpass/contracts'

/** The service to call, and the credentials for it. */
export interface ClientOptions {
  /** The service's origin, such as `https://pass.example.com`. */
  readonly baseUrl: string
  /** A secret key. Without one, you can call only the visitor operations. Never use it in a browser. */
  readonly apiKey?: string
  /** The child account that every call acts on. */
  readonly accountId?: string
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** Sent with every call, in addition to the client's own headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** How often a failed call is retried, if that is safe. Default: 2. With 0, no idempotency key is created. */
  readonly maxRetries?: number
  /** The maximum duration of a call including retries, in milliseconds. Default: 30,000. */
  readonly timeout?: number
  /** Called for every response, including errors and attempts that are retried. */
  readonly onResponse?: (response: ResponseFacts) => void
}

/** The options of a single call. */
export interface CallOptions extends Pick<ClientOptions, 'headers' | 'maxRetries' | 'timeout' | 'onResponse'> {
  /** If you omit it, the client creates one for operations that support it. */
  readonly idempotencyKey?: string
  readonly correlationId?: string
  readonly requestId?: string
  /** The child account that this call acts on. */
  readonly accountId?: string
  /** Sandbox accounts only: simulates a failure, so that you can test how you handle it. */
  readonly sandboxFault?: SandboxFaultText
  readonly signal?: AbortSignal
}

/** The metadata of a response. */
export interface ResponseFacts {
  readonly status: number
  readonly headers: Headers
  /** The `Request-Id` of the response: the one you sent, otherwise the server's. */
  readonly requestId: string | undefined
  readonly correlationId: string | undefined
  /** Whether this is the stored response to an earlier call with the same idempotency key. */
  readonly replayed: boolean
  /** The number of the attempt that this response belongs to, starting at 1. */
  readonly attempt: number
}
