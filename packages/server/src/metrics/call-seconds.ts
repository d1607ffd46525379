import { byLabels } from './by-labels.js'

/** Upper bounds of the buckets, in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const name = 'hallpass_call_seconds'

/** How long calls took: a histogram like prom-client's, which can't take over values that were counted elsewhere. */
export interface CallSeconds {
  readonly observe: (operation: string, transport: string, seconds: number) => void
  /** As a registry of prom-client reads it. */
  readonly metric: { readonly name: string; readonly get: () => Promise<object> }
}

interface Times {
  readonly labels: { readonly operation: string | number; readonly transport: string | number }
  /** By bucket; the last one has no bound. */
  readonly counts: number[]
  sum: number
}

export function createCallSeconds(): CallSeconds {
  const times = byLabels(
    ([operation = '', transport = '']): Times => ({
      labels: { operation, transport },
      counts: [...bounds.map(() => 0), 0],
      sum: 0,
    }),
  )
  return {
    observe(operation, transport, seconds) {
      const found = times.find(operation, transport)
      let bucket = 0
      while (seconds > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
      found.counts[bucket] = (found.counts[bucket] ?? 0) + 1
      found.sum += seconds
    },
    metric: {
      name,
      get: async () => ({
        name,
        help: 'Duration of operations, from the credential to the response',
        type: 'histogram',
        aggregator: 'sum',
        values: times.all().flatMap(valuesOf),
      }),
    },
  }
}

/** The buckets, each with what is in those below it, and the sum and number of all values. */
function valuesOf({ labels, counts, sum }: Times) {
  let below = 0
  const buckets = counts.map((count, at) => {
    below += count
    return { metricName: `${name}_bucket`, labels: { le: bounds[at] ?? '+Inf', ...labels }, value: below }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: below },
  ]
}
