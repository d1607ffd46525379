/** The identity of a span in a trace (W3C Trace Context). */
export interface TraceIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
  /** The lowest bit says whether the caller records the trace. */
  readonly traceFlags: number
}

interface Headers {
  readonly get: (name: string) => string | undefined
  readonly count: (name: string) => number
}

const pattern = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/

/**
 * The trace that a caller continues, if its header is valid. Its `tracestate` is ignored: it is text of the caller's
 * choice, and would be sent to others.
 */
export function readTraceparent(headers: Headers): TraceIds | undefined {
  const header = headers.get('traceparent')
  if (header === undefined || headers.count('traceparent') !== 1 || header.length > 200) return undefined
  const [, version, traceId = '', spanId = '', flags = '', more] = pattern.exec(header) ?? []
  // later versions may add members, and version 255 is forbidden
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 }
}

export const formatTraceparent = ({ traceId, spanId, traceFlags }: TraceIds): string =>
  `00-${traceId}-${spanId}-0${traceFlags & 1}`
