import { Counter, type Registry } from 'prom-client'
import { byLabels, type LabelValues } from './by-labels.js'

interface Config {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
}

interface PolledCount {
  readonly labels: Readonly<Record<string, string>>
  readonly count: number
}

/** A counter whose counts are kept elsewhere, and are read when the metrics are. */
export function createPolledCounter(
  registry: Registry,
  { name, help, labelNames, read }: Config & { readonly read: () => readonly PolledCount[] },
): void {
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset()
      for (const { labels, count } of read()) this.inc(labels, count)
    },
  })
}

/** A counter whose counts prom-client takes over when the metrics are read. See {@link byLabels}. */
export function createTalliedCounter(
  registry: Registry,
  { name, help, labelNames }: Config,
): (...labels: LabelValues) => void {
  const counts = byLabels((labels) => ({ labels, count: 0 }))
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      for (const one of counts.all()) {
        const labels = Object.fromEntries(labelNames.map((label, at) => [label, one.labels[at] ?? '']))
        if (one.count > 0) this.inc(labels, one.count)
        one.count = 0
      }
    },
  })
  return (...labels) => {
    counts.find(...labels).count++
  }
}
