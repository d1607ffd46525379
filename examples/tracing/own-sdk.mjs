// Records the spans of `hallpass serve` with your own SDK:
//   NODE_OPTIONS="--import ./own-sdk.mjs" hallpass serve
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BasicTracerProvider, BatchSpanProcessor, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base'

const exporter = new OTLPTraceExporter({ url: process.env.COLLECTOR_URL })
const provider = new BasicTracerProvider({
  // of all requests, whatever their callers say; 0.1 would be every tenth
  sampler: new TraceIdRatioBasedSampler(1),
  spanProcessors: [new BatchSpanProcessor(exporter)],
})
trace.setGlobalTracerProvider(provider)
