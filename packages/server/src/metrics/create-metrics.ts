import { priorities } from '@hallpass/contracts'
import { Counter, Gauge, type Metric, Registry } from 'prom-client'
import type { Outcome } from '../execute/outcome.js'
import type { CallMetrics } from '../execute/services.js'
import type { ShedCall } from '../overload/shed-calls.js'
import { shedCauses } from '../overload/shedder.js'
import { createCallSeconds } from './call-seconds.js'
import { processRegistry } from './process-registry.js'
import type { ServerState } from './server-state.js'
import { showState } from './show-state.js'
import { createTalliedCounter } from './tallied-counter.js'
import { tokenEventsOf } from './token-events.js'

/** The metrics of a server. Labels have closed lists of values: never an account, key or token. */
export interface Metrics extends CallMetrics {
  /** Counts a call that was refused because of an overload. */
  readonly countShed: (call: ShedCall) => void
  /** Counts one HTTP response, for any path. */
  readonly countAnswer: (status: number) => void
  /** The number of open streams of revocation feeds. */
  readonly showOpenStreams: (count: number) => void
  /** Shows the state of the server that counts here. Undefined until its database is open. */
  readonly watch: (readState: () => ServerState | undefined) => void
  /** The metrics of the server and its process, in Prometheus' text format 0.0.4. */
  readonly read: () => Promise<string>
  /** The same metrics as values, so that those of several processes can be added up. */
  readonly collect: () => Promise<MetricValues>
}

/** A value of prom-client that is only passed on. */
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

export function createMetrics(): Metrics {
  let readState: () => ServerState | undefined = () => undefined
  const registry = new Registry()
  const instruments = createInstruments(registry)
  showState(registry, () => readState())
  const all = Registry.merge([registry, processRegistry()])
  return {
    countCall({ operation, spends, transport, outcome, seconds }) {
      const { status, reason } = resultOf(outcome)
      instruments.seconds.observe(operation.id, transport, seconds)
      instruments.countCall(operation.id, transport, status, reason)
      for (const { event, kind } of tokenEventsOf({ mints: operation.mints, spends }, outcome))
        instruments.countToken(event, kind)
      if (wroteFeedCutoff(outcome)) instruments.feedCutoffs.inc()
      if (reason === 'unavailable') instruments.databaseErrors.inc()
    },
    countShed({ operation, transport, cause }) {
      instruments.countCall(operation.id, transport, 503, 'unavailable')
      instruments.shedCalls.inc({ priority: operation.priority, cause })
    },
    countFeedCutoff: () => instruments.feedCutoffs.inc(),
    countWebhookAttempt: (result) => instruments.countWebhookAttempt(result),
    countDeadWebhooks: (count) => instruments.webhooksDead.inc(count),
    showWebhookQueue({ pending, oldestSeconds }) {
      instruments.webhooksPending.set(pending)
      instruments.webhookAge.set(oldestSeconds)
    },
    countAnswer: (status) => instruments.countAnswer(status),
    showOpenStreams: (count) => instruments.openStreams.set(count),
    watch: (read) => {
      readState = read
    },
    read: () => all.metrics(),
    collect: () => all.getMetricsAsJSON(),
  }
}

function createInstruments(registry: Registry) {
  const registers = [registry]
  const countCall = createTalliedCounter(registry, {
    name: 'hallpass_calls_total',
    help: 'Calls of operations, by outcome',
    labelNames: ['operation', 'transport', 'status', 'reason'],
  })
  const seconds = createCallSeconds()
  // cast: its types ask for a metric of prom-client, and its code calls `get`
  registry.registerMetric(seconds.metric as unknown as Metric)
  const shedCalls = new Counter({
    name: 'hallpass_shed_calls_total',
    help: 'Calls that got 503 because of an overload, by priority and by what calls wait for',
    labelNames: ['priority', 'cause'],
    registers,
  })
  // a rate needs the value before the first one
  for (const priority of priorities) for (const cause of shedCauses) shedCalls.inc({ priority, cause }, 0)
  return {
    countCall,
    seconds,
    shedCalls,
    countAnswer: createTalliedCounter(registry, {
      name: 'hallpass_http_answers_total',
      help: 'HTTP responses of all paths, by status',
      labelNames: ['status'],
    }),
    countToken: createTalliedCounter(registry, {
      name: 'hallpass_tokens_total',
      help: 'Tokens minted, spent, and refused when spending them',
      labelNames: ['event', 'kind'],
    }),
    countWebhookAttempt: createTalliedCounter(registry, {
      name: 'hallpass_webhook_attempts_total',
      help: 'Attempts to deliver webhooks, by result',
      labelNames: ['result'],
    }),
    webhooksDead: new Counter({
      name: 'hallpass_webhooks_dead_total',
      help: 'Webhook deliveries that get no more attempts unless they are replayed',
      registers,
    }),
    // every process shows the queue of all of them
    webhooksPending: new Gauge({
      name: 'hallpass_webhooks_pending',
      help: 'Webhook deliveries that wait for their next attempt',
      aggregator: 'max',
      registers,
    }),
    webhookAge: new Gauge({
      name: 'hallpass_webhook_oldest_seconds',
      help: 'The age of the oldest webhook delivery that waits, in seconds',
      aggregator: 'max',
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
