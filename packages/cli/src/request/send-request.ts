import type { EncodedRequest } from '@hallpass/contracts'
import { FailedError } from '../errors.js'

/** A request as it goes out. */
export interface Outgoing {
  readonly method: EncodedRequest['method']
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** An answer as it came in. */
export interface Answer {
  readonly ok: boolean
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  readonly text: string
}

/** Sends one request; throws FailedError, in one line, when no whole answer came. */
export async function sendRequest(send: typeof fetch, request: Outgoing, timeoutSeconds: number): Promise<Answer> {
  const { method, url, headers, body } = request
  try {
    const response = await send(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      // a credential goes to the service that was named, and nowhere else
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

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; is the service running there?',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host name cannot be looked up right now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_SOCKET: 'the connection was closed before the answer was whole',
}

function whyNot(error: unknown, timeoutSeconds: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutSeconds} s`
  // fetch says "fetch failed" and keeps the reason in the cause
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const known = words[code]
  if (known) return `${known} (${code})`
  const message = cause instanceof Error ? cause.message || code : String(cause)
  if (message === 'bad port') return 'fetch does not use this port, which belongs to another protocol'
  return message.replace(/\s+/g, ' ')
}
