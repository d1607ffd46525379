import { context, ROOT_CONTEXT, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import { type Attributes, beginSpan, type Span } from './span.js'
import { formatTraceparent, readTraceparent, type TraceIds } from './traceparent.js'

/** The trace that a request belongs to. */
export interface Trace {
  readonly id: string
  /** For the requests that this one causes. */
  readonly traceparent: string
  /** The request's own span. Undefined if it isn't recorded. */
  readonly span: Span | undefined
}

type Headers = Parameters<typeof readTraceparent>[0]

/** Begins the span of a request. Undefined if nothing is recorded and the caller sent no trace. */
export type BeginTrace = (headers: Headers, name: string, attributes: Attributes) => Trace | undefined

/** Traces of requests. Without a tracer nothing is recorded, and a caller's trace is only passed on. */
export function createTracing(tracer: Tracer | undefined): BeginTrace {
  return (headers, name, attributes) => {
    const sent = readTraceparent(headers)
    const span = tracer && beginRequest(tracer, sent, name, attributes)
    const ids = span?.ids ?? sent
    return ids && { id: ids.traceId, traceparent: formatTraceparent(ids), span }
  }
}

function beginRequest(tracer: Tracer, sent: TraceIds | undefined, name: string, attributes: Attributes) {
  const active = context.active()
  // the operator's own instrumentation of HTTP has begun a span and read the headers
  if (trace.getSpan(active)) return beginSpan(tracer, active, { name, attributes })
  const parent = sent ? trace.setSpanContext(ROOT_CONTEXT, { ...sent, isRemote: true }) : ROOT_CONTEXT
  return beginSpan(tracer, parent, { name, kind: SpanKind.SERVER, attributes })
}
