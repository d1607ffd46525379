import { operations } from '@hallpass/contracts'
import fc from 'fast-check'
import { Counter, Histogram, Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { HallpassError } from '../errors.js'
import type { Outcome } from '../execute/outcome.js'
import { aggregateMetrics } from './aggregate-metrics.js'
import { createMetrics } from './create-metrics.js'

interface Call {
  readonly id: 'bridge.initialize' | 'visitor.config'
  readonly transport: 'rest' | 'trpc'
  readonly isRefused: boolean
  readonly seconds: number
}

const someCalls = fc.array(
  fc.record<Call>({
    id: fc.constantFrom('bridge.initialize', 'visitor.config'),
    transport: fc.constantFrom('rest', 'trpc'),
    isRefused: fc.boolean(),
    seconds: fc.oneof(fc.constantFrom(0, 0.001, 0.0011, 5, 5.1), fc.double({ min: 0, max: 10, noNaN: true })),
  }),
  { maxLength: 20 },
)

const outcomeOf = ({ isRefused }: Call): Outcome => {
  const allowance = undefined
  if (isRefused) return { error: new HallpassError('not_found', 'Not found.'), allowance }
  return { answer: { value: {}, requestId: '', answeredAt: '', replayed: false }, allowance }
}

function countAll(calls: readonly Call[]) {
  const metrics = createMetrics()
  for (const call of calls) {
    const operation = operations[call.id]
    metrics.countCall({ ...call, operation, spends: operation.spends, outcome: outcomeOf(call) })
  }
  return metrics
}

/** What prom-client writes of the same calls. */
function expectedText(calls: readonly Call[]): Promise<string> {
  const registers = [new Registry()]
  const counter = new Counter({
    name: 'hallpass_calls_total',
    help: 'Calls of operations, by outcome',
    labelNames: ['operation', 'transport', 'status', 'reason'],
    registers,
  })
  const histogram = new Histogram({
    name: 'hallpass_call_seconds',
    help: 'Duration of operations, from the credential to the response',
    labelNames: ['operation', 'transport'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  for (const { id: operation, transport, isRefused, seconds } of calls) {
    const result = isRefused ? { status: 404, reason: 'not_found' } : { status: 200, reason: 'ok' }
    counter.inc({ operation, transport, ...result })
    histogram.observe({ operation, transport }, seconds)
  }
  return Registry.merge(registers).metrics()
}

const sectionsOf = (text: string) => text.split('\n\n').map((section) => section.trim())

describe('createMetrics', () => {
  test('counts and times calls as prom-client does, however often they are read', async () => {
    await fc.assert(
      fc.asyncProperty(someCalls, async (calls) => {
        const metrics = countAll(calls)
        await metrics.collect()
        const read = sectionsOf(await metrics.read())
        for (const section of sectionsOf(await expectedText(calls))) expect(read).toContain(section)
      }),
      { numRuns: 30 },
    )
  })

  test('adds up the counts and times of several processes', async () => {
    const call: Call = { id: 'bridge.initialize', transport: 'rest', isRefused: false, seconds: 0.5 }
    const values = await Promise.all([countAll([call]).collect(), countAll([call, call]).collect()])
    const labels = 'operation="bridge.initialize",transport="rest"'
    const text = await aggregateMetrics(values)
    expect(text).toContain(`hallpass_call_seconds_count{${labels}} 3`)
    expect(text).toContain(`hallpass_call_seconds_sum{${labels}} 1.5`)
    expect(text).toContain(`hallpass_call_seconds_bucket{le="0.25",${labels}} 0`)
    expect(text).toContain(`hallpass_call_seconds_bucket{le="0.5",${labels}} 3`)
    expect(text).toContain(`hallpass_calls_total{${labels},status="200",reason="ok"} 3`)
  })
})
