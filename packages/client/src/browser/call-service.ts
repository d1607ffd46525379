import { type WidgetReason, WidgetSessionError, widgetReasons } from './errors.js'
import type { Platform } from './platform.js'

/** A call of the visitor API. */
export interface ServiceCall {
  /** Below the service's origin. */
  readonly path: string
  /** Absent: GET. */
  readonly body?: object
  readonly signal?: AbortSignal | undefined
}

export interface Service {
  readonly baseUrl: string
  readonly platform: Pick<Platform, 'fetch' | 'after' | 'origin'>
}

/** A refresh whose answer got lost can be repeated for 10 s (wire 2): giving up after 5 leaves room for that. */
const patienceMilliseconds = 5_000

const noOrigin =
  'This page has no origin: it is in a sandboxed iframe without allow-same-origin, and nobody can allow it.'

/** Calls the service; throws {@link WidgetSessionError} for anything but a JSON answer. */
export async function callService({ baseUrl, platform }: Service, call: ServiceCall): Promise<unknown> {
  // a browser would keep the service's refusal from such a page
  if (platform.origin() === 'null') throw new WidgetSessionError('no_origin', noOrigin)
  const patience = new AbortController()
  const giveUp = platform.after(patienceMilliseconds, () => patience.abort())
  const abort = () => patience.abort()
  call.signal?.addEventListener('abort', abort)
  try {
    const response = await platform.fetch(baseUrl.replace(/\/$/, '') + call.path, initOf(call, patience.signal))
    if (!response.ok) throw await refusalOf(response)
    return await response.json()
  } catch (cause) {
    if (cause instanceof WidgetSessionError) throw cause
    if (call.signal?.aborted) throw new WidgetSessionError('aborted', 'The call was aborted.', { cause })
    throw new WidgetSessionError('network', 'The service could not be reached, or its answer was cut off.', { cause })
  } finally {
    giveUp()
    call.signal?.removeEventListener('abort', abort)
  }
}

/** Cookies play no part. A GET may come from the HTTP cache, as its headers allow. */
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
  return new WidgetSessionError(reason, words.slice(0, longestMessage) || `The service answered ${status}.`, {
    status,
    ...(Number.isFinite(retryAfter) ? { retryAfter } : {}),
  })
}

const longestMessage = 300

/** The reason that the service gives; by the status where something before the service answered. */
function reasonOf(said: string | null, status: number): WidgetReason {
  const known = widgetReasons.find((reason) => reason === said)
  if (known) return known
  if (status === 429) return 'rate_limited'
  return status >= 500 || status === 408 ? 'unavailable' : 'malformed_request'
}
