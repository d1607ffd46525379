import type { Reason } from '@hallpass/contracts'
import { type Context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { TraceIds } from './traceparent.js'

/** What spans say. Every value comes from a closed list: never an account, a key, a token or text of a caller. */
export interface Attributes {
  readonly 'http.request.method'?: string
  /** The path as it is documented, with the names of its parameters. */
  readonly 'http.route'?: string
  readonly 'http.response.status_code'?: number
  /** The reason or status of an error of the server. */
  readonly 'error.type'?: Reason | `${number}`
  readonly 'hallpass.operation'?: string
  readonly 'hallpass.transport'?: 'rest' | 'trpc'
  readonly 'hallpass.refusal'?: Reason
  /** Whether the response is that of an earlier call with the same idempotency key. */
  readonly 'hallpass.replayed'?: boolean
  /** The method of the store. */
  readonly 'db.operation.name'?: string
}

/** A span that is recorded. */
export interface Span {
  readonly ids: TraceIds
  /** A span within this one. */
  readonly begin: (name: string, attributes?: Attributes) => Span
  readonly set: (attributes: Attributes) => void
  /** Says that the server failed. A refusal isn't a failure. */
  readonly fail: (type: NonNullable<Attributes['error.type']>) => void
  readonly end: () => void
}

interface Begun {
  readonly name: string
  readonly kind?: SpanKind
  readonly attributes?: Attributes | undefined
}

/** Begins a span in a context. Undefined if the sampler leaves it out. */
export function beginSpan(tracer: Tracer, parent: Context, begun: Begun): Span | undefined {
  const { name, kind = SpanKind.INTERNAL, attributes = {} } = begun
  const span = tracer.startSpan(name, { kind, attributes: { ...attributes } }, parent)
  if (!span.isRecording()) return undefined
  const context = trace.setSpan(parent, span)
  return {
    ids: span.spanContext(),
    // what is within a span that is recorded is recorded too
    begin(name, attributes) {
      const inner = beginSpan(tracer, context, { name, attributes })
      return inner ?? unrecorded(span.spanContext())
    },
    set: (more) => void span.setAttributes({ ...more }),
    fail(type) {
      span.setAttribute('error.type', type)
      span.setStatus({ code: SpanStatusCode.ERROR })
    },
    end: () => span.end(),
  }
}

/** For a sampler of the operator's that leaves out parts of a trace. */
function unrecorded(ids: TraceIds): Span {
  const span: Span = { ids, begin: () => span, set: () => {}, fail: () => {}, end: () => {} }
  return span
}
