import { ProxyTracerProvider, trace } from '@opentelemetry/api'
import { type BeginTrace, createTracing } from './tracing.js'

/** Traces of a server, and a function that sends what is left. */
export interface Tracing {
  readonly begin: BeginTrace
  readonly close: () => Promise<void>
}

interface Settings {
  readonly version: string
  /** Whether the variables of OpenTelemetry name a collector. */
  readonly exportsTraces: boolean
  readonly log: { readonly warn: (fields: object, message: string) => void }
}

/**
 * Records spans with the SDK that the operator has registered, or else with our own if a collector is configured. Its
 * code is loaded only then.
 */
export async function openTracing({ version, exportsTraces, log }: Settings): Promise<Tracing> {
  if (isRegistered()) return { begin: createTracing(trace.getTracer('hallpass', version)), close: async () => {} }
  if (!exportsTraces) return { begin: createTracing(undefined), close: async () => {} }
  const { exportTraces } = await import('./export-traces.js')
  const { tracer, close } = exportTraces({ version, log })
  return { begin: createTracing(tracer), close }
}

/** The API has a provider of its own that records nothing until another one is registered. */
function isRegistered(): boolean {
  const provider = trace.getTracerProvider()
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('hallpass') !== undefined
}
