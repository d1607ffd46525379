import { AggregatorRegistry } from 'prom-client'
import type { MetricValues } from './create-metrics.js'

/** Adds up the metrics of several processes, in Prometheus' text format. */
export function aggregateMetrics(values: readonly MetricValues[]): Promise<string> {
  return AggregatorRegistry.aggregate([...values]).metrics()
}
