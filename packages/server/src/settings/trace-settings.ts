type Env = Readonly<Record<string, string | undefined>>

/** Whether the variables of OpenTelemetry name a collector, and don't turn it off. */
export function exportsTraces(env: Env): boolean {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT
  const isOff = env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none'
  return Boolean(endpoint) && !isOff
}

/** Sentences for the log about variables of OpenTelemetry that have no effect. */
export function traceWarnings(env: Env): string[] {
  if (!exportsTraces(env)) return []
  const names = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL']
  return names
    .filter((name) => env[name] && env[name] !== 'http/json')
    .map((name) => `${name} is ignored: traces are sent as http/json, usually to port 4318 of a collector.`)
}
