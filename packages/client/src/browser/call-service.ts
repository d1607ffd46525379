import { type WidgetReason, WidgetSessionError, widgetReasons } from './errors.js'
import type { Platform } from './platform.js'
import { withTimeout } from './retry.js'

/** A call of the visitor API. */
export interface ServiceCall {
  /** Relative to the service's origin. */
  readonly path: string
  /** If absent, the call is a GET. */
  readonly body?: object
}

export interface Service {
  readonly baseUrl: string
  readonly platform: Pick<Platform, 'fetch' | 'after' | 'origin'>
}

/** A refresh whose response was lost can be repeated for 10 s. Giving up after 5 s leaves time for that. */
const timeoutMilliseconds = 5_000

const noOrigin = 'This page has no origin: its iframe is sandboxed without allow-same-origin.'

/** Calls the service. Throws {@link WidgetSessionError} for anything but a JSON response. */
export async function callService({ baseUrl, platform }: Service, call: ServiceCall): Promise<unknown> {
  // the browser would hide the service's response from a page without an origin
  if (platform.origin() === 'null') throw new WidgetSessionError('no_origin', noOrigin)
  const stopping = new AbortController()
  const fetched = async () => {
    const response = await platform.fetch(baseUrl.replace(/\/$/, '') + call.path, initOf(call, stopping.signal))
    if (!response.ok) throw await refusalOf(response)
    return response.json()
  }
  try {
    return await withTimeout(platform, fetched(), timeoutMilliseconds)
  } catch (cause) {
    if (cause instanceof WidgetSessionError) throw cause
    throw new WidgetSessionError('network', 'The service is unreachable, or its response was cut off.', { cause })
  } finally {
    stopping.abort()
  }
}

/** Never sends cookies. A GET may come from the HTTP cache. */
function initOf({ body }: ServiceCall, signal: AbortSignal): RequestInit {
  if (!body) return { credentials: 'omit', signal }
  const headers = { 'Content-Type': 'application/json' }
  return { credentials: 'omit', signal, method: 'POST', headers, body: JSON.stringify(body) }
}

async function refusalOf(response: Response): Promise<WidgetSessionError> {
  const { status, headers } = response
  const words = await response.text().catch(() => '')
  const reason = reasonOf(headers.get('X-Error-Reason'), status)
  const retryAfter = Number(headers.get('Retry-After') ?? Number.NaN)
  return new WidgetSessionError(reason, words.slice(0, longestMessage) || `The service returned ${status}.`, {
    status,
    ...(Number.isFinite(retryAfter) ? { retryAfter } : {}),
  })
}

const longestMessage = 300

/** The service's reason. For a response from something else, such as a proxy, a reason that fits the status. */
function reasonOf(said: string | null, status: number): WidgetReason {
  const known = widgetReasons.find((reason) => reason === said)
  if (known) return known
  if (status === 429) return 'rate_limited'
  return status >= 500 || status === 408 ? 'unavailable' : 'malformed_request'
}
