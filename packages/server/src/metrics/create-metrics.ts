import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Outcome } from '../execute/outcome.js'
import type { CallMetrics } from '../execute/services.js'
import { processRegistry } from './process-registry.js'
import { tokenEventsOf } from './token-events.js'

/** What a server counts. Labels are closed lists: no account, key or token is ever in one. */
export interface Metrics extends CallMetrics {
  /** One HTTP answer, whichever path it was for. */
  readonly countAnswer: (status: number) => void
  /** How many streams of revocation feeds are open. */
  readonly showOpenStreams: (count: number) => void
  /** The server's own metrics and its process's, in Prometheus' text format 0.0.4. */
  readonly read: () => Promise<string>
  /** The same before it is written out, so that those of several processes can be added up. */
  readonly collect: () => Promise<MetricValues>
}

/** What prom-client gives and takes; it is only ever handed on. */
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** Seconds. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const instruments = createInstruments([registry])
  const all = Registry.merge([registry, processRegistry()])
  return {
    countCall({ operation, transport: door, outcome, seconds }) {
      const { status, reason } = resultOf(outcome)
      instruments.seconds.observe({ operation: operation.id, door }, seconds)
      instruments.calls.inc({ operation: operation.id, door, status, reason })
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
      help: 'Calls of operations, by what came of them',
      labelNames: ['operation', 'door', 'status', 'reason'],
      registers,
    }),
    seconds: new Histogram({
      name: 'hallpass_call_seconds',
      help: 'How long operations took, from the credential to the answer',
      labelNames: ['operation', 'door'],
      buckets: latencyBuckets,
      registers,
    }),
    answers: new Counter({
      name: 'hallpass_http_answers_total',
      help: 'HTTP answers of every path, by status',
      labelNames: ['status'],
      registers,
    }),
    tokens: new Counter({
      name: 'hallpass_tokens_total',
      help: 'Tokens minted, spent, and refused when they were presented to be spent',
      labelNames: ['event', 'kind'],
      registers,
    }),
    feedCutoffs: new Counter({
      name: 'hallpass_feed_cutoffs_total',
      help: 'Cutoffs that ended everything of their account, because its revocation feed was full',
      registers,
    }),
    openStreams: new Gauge({
      name: 'hallpass_open_streams',
      help: 'Open streams of revocation feeds',
      registers,
    }),
    databaseErrors: new Counter({
      name: 'hallpass_database_errors_total',
      help: 'Calls that were answered 503 because the database could not do its part',
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
