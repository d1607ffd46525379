import type { Allowance, Meter } from '../limits/allowance.js'
import type { MetricValues } from '../metrics/create-metrics.js'

/** What the primary does for each of its workers. */
export type PrimaryMethods = {
  /** Returns the port for the worker to listen on. */
  readonly assignPort: () => Promise<number>
  /** The worker listens at this URL. */
  readonly reportReady: (url: string) => Promise<void>
  /** The worker can't start. `line` says why. */
  readonly reportFailed: (line: string) => Promise<void>
  /** Counts a call against the limits that all workers share. */
  readonly limit: (meters: readonly Meter[]) => Promise<Allowance | undefined>
  /** Returns the time for all workers, in milliseconds. */
  readonly readTime: () => Promise<number>
  /** Returns the sums of all workers' metrics. */
  readonly readMetrics: () => Promise<string>
}

/** What each worker does for the primary. */
export type WorkerMethods = {
  readonly collectMetrics: () => Promise<MetricValues>
  /** Finishes the accepted requests, then exits. */
  readonly stop: () => Promise<void>
}
