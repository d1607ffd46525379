import { knownReason, type WidgetReason, WidgetSessionError } from './errors.js'
import type { Platform } from './platform.js'
import { withTimeout } from './retry.js'

/** A call of the visitor API. */
export interface ServiceCall {
  /** Relative to the service's origin. */
  readonly path: string
  /** If absent, the call is a GET. */
  readonly body?: object
  /** Whether the call outlives the page. */
  readonly keepalive?: boolean
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface Service {
  readonly options: { readonly baseUrl: string }
  readonly platform: Pick<Platform, 'fetch' | 'after' | 'origin'>
}

/** A refresh whose response was lost can be repeated for 10 s. Giving up after 5 s leaves time for that. */
const timeoutMilliseconds = 5_000

const noOrigin = 'This page has no origin. Add allow-same-origin to its sandbox.'

/** Calls the service. Throws {@link WidgetSessionError} for anything but a JSON response. */
export async function callService({ options, platform }: Service, call: ServiceCall): Promise<unknown> {
  // the browser would hide the service's response from a page without an origin
  if (platform.origin() === 'null') throw new WidgetSessionError('no_origin', noOrigin)
  const stopping = new AbortController()
  const fetched = async () => {
    const response = await platform.fetch(urlOf(options, call.path), initOf(call, stopping.signal))
    if (!response.ok) throw await refusalOf(response)
    return response.json()
  }
  try {
    return await withTimeout(platform, fetched(), timeoutMilliseconds)
  } catch (cause) {
    if (cause instanceof WidgetSessionError) throw cause
    throw new WidgetSessionError('network', 'The service is unreachable.', { cause })
  } finally {
    stopping.abort()
  }
}

export const urlOf = ({ baseUrl }: Service['options'], path: string): string => baseUrl.replace(/\/$/, '') + path

/** Never sends cookies. A GET may come from the HTTP cache. */
const initOf = ({ body, headers, keepalive }: ServiceCall, signal: AbortSignal): RequestInit => ({
  credentials: 'omit',
  signal,
  ...(body && {
    method: 'POST',
    keepalive,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }),
})

async function refusalOf(response: Response): Promise<WidgetSessionError> {
  const { status, headers } = response
  const words = await response.text().catch(() => '')
  const reason = refusalReason(headers.get('X-Error-Reason'), status)
  return new WidgetSessionError(reason, words.slice(0, longestMessage) || `The service returned ${status}.`, {
    status,
    // undefined for a date, which only a proxy sends
    retryAfter: Number(headers.get('Retry-After')) || undefined,
    requestId: headers.get('Request-Id') ?? undefined,
  })
}

const longestMessage = 300

/** The service's reason. For a response from something else, such as a proxy, a reason that fits the status. */
function refusalReason(said: string | null, status: number): WidgetReason {
  if (status === 429) return 'rate_limited'
  return knownReason(said) ?? (status >= 500 || status === 408 ? 'unavailable' : 'malformed_request')
}
