import { expect, test } from 'vitest'
import { exportsTraces, traceWarnings } from './trace-settings.js'

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }

test.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  [endpoint, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
  [{ ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, false],
  [{ ...endpoint, OTEL_SDK_DISABLED: 'false' }, true],
  [{ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, false],
  [{ ...endpoint, OTEL_TRACES_EXPORTER: 'otlp' }, true],
])('with %j, spans are sent: %s', (env, isSent) => {
  expect(exportsTraces(env)).toBe(isSent)
})

test('a protocol that is not supported is named', () => {
  expect(traceWarnings({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })).toEqual([])
  expect(traceWarnings({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([])
  expect(traceWarnings({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([
    'OTEL_EXPORTER_OTLP_PROTOCOL is ignored: traces are sent as http/json, usually to port 4318 of a collector.',
  ])
})
