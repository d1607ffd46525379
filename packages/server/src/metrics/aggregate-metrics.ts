import { AggregatorRegistry } from 'prom-client'
import type { MetricValues } from './create-metrics.js'

/** The metrics of several processes as those of one, in Prometheus' text format. */
export function aggregateMetrics(values: readonly MetricValues[]): Promise<string> {
  return AggregatorRegistry.aggregate([...values]).metrics()
}
