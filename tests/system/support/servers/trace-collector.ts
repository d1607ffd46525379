import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'

/** A span as OTLP/HTTP brings it. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  /** 1 is internal, 2 a server's. */
  readonly kind: number
  readonly status: { readonly code?: number }
  readonly attributes: Readonly<Record<string, unknown>>
}

/** A span and those within it. */
export interface SpanTree extends ReceivedSpan {
  readonly within: readonly SpanTree[]
}

/** A collector that takes spans over OTLP/HTTP, as JSON. */
export interface TraceCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  /** Settings of a server that gives up no span, however many there are and however busy the machine is. */
  readonly env: Readonly<Record<string, string>>
  /** Everything that was received, as text. */
  readonly text: () => string
  readonly spans: () => readonly ReceivedSpan[]
  /** The attributes of the processes that sent spans. */
  readonly resources: () => readonly Readonly<Record<string, unknown>>[]
  /** Waits for a trace whose every span is within its first one. `parent` is the caller's span. */
  readonly tree: (traceId: string, parent?: string) => Promise<SpanTree>
  readonly stop: () => Promise<void>
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}
type SentSpan = Omit<ReceivedSpan, 'attributes'> & { readonly attributes: readonly Attribute[] }
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[]
  }[]
}

const valuesOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

export async function startTraceCollector(): Promise<TraceCollector> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.url === '/v1/traces') bodies.push(Buffer.concat(chunks).toString())
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const received = () => bodies.flatMap((body) => (JSON.parse(body) as Export).resourceSpans)
  const spans = () =>
    received().flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) =>
        scope.spans.map((span): ReceivedSpan => ({ ...span, attributes: valuesOf(span.attributes) })),
      ),
    )
  // a server that listens on a port has an address of this type
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
      OTEL_BSP_EXPORT_TIMEOUT: '120000',
      OTEL_BSP_MAX_QUEUE_SIZE: '100000',
    },
    text: () => bodies.join('\n'),
    spans,
    resources: () => received().map(({ resource }) => valuesOf(resource.attributes)),
    async tree(traceId, parent) {
      const ofTrace = () => spans().filter((span) => span.traceId === traceId)
      // the span of the request ends last
      await expect.poll(() => ofTrace().filter((span) => isFirst(span, parent)).length).toBe(1)
      const all = ofTrace()
      const treeOf = (span: ReceivedSpan): SpanTree => ({
        ...span,
        within: all.filter(({ parentSpanId }) => parentSpanId === span.spanId).map(treeOf),
      })
      const [first] = all.filter((span) => isFirst(span, parent)).map(treeOf)
      if (!first) throw new Error('The trace has no first span.')
      expect(namesIn(first), 'spans outside the tree').toHaveLength(all.length)
      return first
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

const isFirst = ({ parentSpanId }: ReceivedSpan, parent: string | undefined) => (parentSpanId || undefined) === parent

/** The names in a tree, each after those that it is within. */
export const namesIn = (tree: SpanTree): string[] => [tree.name, ...tree.within.flatMap(namesIn)]
