import { setTimeout as delay } from 'node:timers/promises'
import type { Tracer } from '@opentelemetry/api'
import { setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'

interface Deps {
  readonly version: string
  readonly log: { readonly warn: (fields: object, message: string) => void }
}

/** A stopping server waits this long for its collector. */
const closeMilliseconds = 1_000
/** A collector that is down is reported this often. */
const reportMilliseconds = 60_000

/**
 * Sends spans to a collector over OTLP/HTTP, in batches beside the requests. Spans that don't fit into its queue are
 * dropped. Everything else is set by the variables of OpenTelemetry, which these packages read.
 */
export function exportTraces({ version, log }: Deps): {
  readonly tracer: Tracer
  readonly close: () => Promise<void>
} {
  reportFailures(log)
  const own = resourceFromAttributes({
    'service.name': 'hallpass',
    'service.version': version,
    'process.pid': process.pid,
  })
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(own)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  return {
    tracer: provider.getTracer('hallpass', version),
    async close() {
      const timer = new AbortController()
      const late = delay(closeMilliseconds, undefined, { signal: timer.signal }).catch(() => {})
      await Promise.race([provider.shutdown().catch(() => {}), late])
      timer.abort()
    },
  }
}

function reportFailures(log: Deps['log']): void {
  let reportedAt = Number.NEGATIVE_INFINITY
  setGlobalErrorHandler((cause) => {
    if (performance.now() - reportedAt < reportMilliseconds) return
    reportedAt = performance.now()
    log.warn({ cause }, 'Traces could not be sent to the collector.')
  })
}
