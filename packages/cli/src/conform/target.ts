import { FailedError } from '../errors.js'

/** A server under test, and what its calls need. */
export interface Target {
  readonly baseUrl: string
  readonly apiKey: string
  readonly customer: string
  readonly clientKey: string
  readonly origin: string
  readonly card: string
  readonly widgetType: string
  /** A secret key without permission for the Card API. */
  readonly limitedKey: string
  /** A text that no other run uses, for idempotency keys. */
  readonly run: string
  readonly send: (request: Request) => Promise<Reply>
  readonly wait: (seconds: number) => Promise<unknown>
}

export interface Request {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Undefined if the text isn't JSON. */
  readonly json: unknown
}

const mostCharacters = 1_000_000

/** Sends requests to a server. Rejects with a FailedError if it can't be reached. */
export function sender(fetch: typeof globalThis.fetch, baseUrl: string, timeoutSeconds: number): Target['send'] {
  return async ({ method, path, headers, body }) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    try {
      const response = await fetch(baseUrl + path, {
        method,
        headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
        ...json,
        // a redirect would send the secret key elsewhere
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      })
      const text = (await response.text()).slice(0, mostCharacters)
      return { status: response.status, headers: response.headers, text, json: parseJson(text) }
    } catch (error) {
      throw new FailedError(`${method} ${path}: there was no response from ${baseUrl}.`, { cause: error })
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
