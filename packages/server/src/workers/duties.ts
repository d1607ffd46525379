import type { Allowance, Meter } from '../limits/allowance.js'
import type { MetricValues } from '../metrics/create-metrics.js'

/** What the primary does for each of its workers. */
export type PrimaryDuties = {
  /** The port that the worker is to listen on. */
  readonly assignPort: () => Promise<number>
  /** Hears that the worker listens at this URL. */
  readonly hearReady: (url: string) => Promise<void>
  /** Hears, in one line, why the worker cannot start. */
  readonly hearFailed: (line: string) => Promise<void>
  /** Counts a call against limits that all workers share. */
  readonly limit: (meters: readonly Meter[]) => Promise<Allowance | undefined>
  /** The time that all workers live by, in milliseconds. */
  readonly readTime: () => Promise<number>
  /** The metrics of all workers, added up. */
  readonly readMetrics: () => Promise<string>
}

/** What each worker does for the primary. */
export type WorkerDuties = {
  readonly collectMetrics: () => Promise<MetricValues>
  /** Finishes what was accepted, then ends. */
  readonly stop: () => Promise<void>
}
