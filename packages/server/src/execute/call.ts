/** Request headers as they came in: names in lower case, repeated ones counted. */
export interface RequestHeaders {
  readonly get: (name: string) => string | undefined
  /** How many times the header was sent. */
  readonly count: (name: string) => number
}

/** How a call came in. */
export type Transport = 'rest' | 'trpc'

/** One call as its transport hands it over. Nothing in it is trusted yet. */
export interface Call {
  readonly transport: Transport
  /** The raw input. Throws `malformed_request` when it cannot be read, so that this is said in its turn and no sooner. */
  readonly input: () => unknown
  readonly headers: RequestHeaders
  /** The caller's network address. */
  readonly address: string
  /** The server's own id of this request, a UUID. */
  readonly requestId: string
}
