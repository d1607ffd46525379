import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Outcome } from '../execute/outcome.js'
import type { CallMetrics } from '../execute/services.js'
import { processRegistry } from './process-registry.js'
import { tokenEventsOf } from './token-events.js'

/** The metrics of a server. Labels have closed lists of values: never an account, key or token. */
export interface Metrics extends CallMetrics {
  /** Counts one HTTP response, for any path. */
  readonly countAnswer: (status: number) => void
  /** The number of open streams of revocation feeds. */
  readonly showOpenStreams: (count: number) => void
  /** The metrics of the server and its process, in Prometheus' text format 0.0.4. */
  readonly read: () => Promise<string>
  /** The same metrics as values, so that those of several processes can be added up. */
  readonly collect: () => Promise<MetricValues>
}

/** A value of prom-client that is only passed on. */
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** In seconds. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const instruments = createInstruments([registry])
  const all = Registry.merge([registry, processRegistry()])
  return {
    countCall({ operation, transport, outcome, seconds }) {
      const { status, reason } = resultOf(outcome)
      instruments.seconds.observe({ operation: operation.id, transport }, seconds)
      instruments.calls.inc({ operation: operation.id, transport, status, reason })
      for (const { event, kind } of tokenEventsOf(operation, outcome)) instruments.tokens.inc({ event, kind })
      if (wroteFeedCutoff(outcome)) instruments.feedCutoffs.inc()
      if (reason === 'unavailable') instruments.databaseErrors.inc()
    },
    countFeedCutoff: () => instruments.feedCutoffs.inc(),
    countAnswer: (status) => instruments.answers.inc({ status }),
    showOpenStreams: (count) => instruments.openStreams.set(count),
    read: () => all.metrics(),
    collect: () => all.getMetricsAsJSON(),
  }
}

function createInstruments(registers: Registry[]) {
  return {
    calls: new Counter({
      name: 'hallpass_calls_total',
      help: 'Calls of operations, by outcome',
      labelNames: ['operation', 'transport', 'status', 'reason'],
      registers,
    }),
    seconds: new Histogram({
      name: 'hallpass_call_seconds',
      help: 'Duration of operations, from the credential to the response',
      labelNames: ['operation', 'transport'],
      buckets: latencyBuckets,
      registers,
    }),
    answers: new Counter({
      name: 'hallpass_http_answers_total',
      help: 'HTTP responses of all paths, by status',
      labelNames: ['status'],
      registers,
    }),
    tokens: new Counter({
      name: 'hallpass_tokens_total',
      help: 'Tokens minted, spent, and refused when spending them',
      labelNames: ['event', 'kind'],
      registers,
    }),
    feedCutoffs: new Counter({
      name: 'hallpass_feed_cutoffs_total',
      help: 'Cutoffs that ended everything of an account because its revocation feed was full',
      registers,
    }),
    openStreams: new Gauge({
      name: 'hallpass_open_streams',
      help: 'Open streams of revocation feeds',
      registers,
    }),
    databaseErrors: new Counter({
      name: 'hallpass_database_errors_total',
      help: 'Calls that got 503 because of the database',
      registers,
    }),
  }
}

function wroteFeedCutoff(outcome: Outcome): boolean {
  if ('error' in outcome || outcome.answer.replayed) return false
  const { value } = outcome.answer
  return typeof value === 'object' && value !== null && 'feed_cutoff' in value
}

function resultOf(outcome: Outcome): { status: number; reason: string } {
  if ('error' in outcome) return { status: outcome.error.status, reason: outcome.error.publicReason }
  return { status: 200, reason: outcome.answer.replayed ? 'replayed' : 'ok' }
}
