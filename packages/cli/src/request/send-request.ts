import type { EncodedRequest } from '@hallpass/contracts'
import { FailedError } from '../errors.js'

/** An outgoing request. */
export interface Outgoing {
  readonly method: EncodedRequest['method']
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** A response. */
export interface Answer {
  readonly ok: boolean
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  readonly text: string
}

/** Sends one request. Throws FailedError if no complete response arrives. */
export async function sendRequest(send: typeof fetch, request: Outgoing, timeoutSeconds: number): Promise<Answer> {
  const { method, url, headers, body } = request
  try {
    const response = await send(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      // credentials must not follow a redirect to another service
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000)),
    })
    const { ok, status, statusText } = response
    return { ok, status, statusText, headers: response.headers, text: await response.text() }
  } catch (error) {
    throw new FailedError(`${nameOfRequest(request)}: ${whyNot(error, timeoutSeconds)}`, { cause: error })
  }
}

/** `POST "http://…/v1/bridge/initialize"` */
export const nameOfRequest = ({ method, url }: Pick<Outgoing, 'method' | 'url'>) => `${method} "${url}"`

const messages: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; is the service running there?',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name cannot be resolved right now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_SOCKET: 'the connection was closed before the response was complete',
}

function whyNot(error: unknown, timeoutSeconds: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no response within ${timeoutSeconds} s`
  // the message of fetch is always "fetch failed"; the reason is in the cause
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const known = messages[code]
  if (known) return `${known} (${code})`
  const message = cause instanceof Error ? cause.message || code : String(cause)
  if (message === 'bad port') return 'fetch blocks this port, which is reserved for another protocol'
  return message.replace(/\s+/g, ' ')
}
