import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Counted, countByOperation, countByTime } from './count-activity.js'

const now = Date.parse('2026-11-24T12:00:00.000Z')
const row = (minutesAgo: number, outcome: string, count = 1, operation = 'visitor.guest'): Counted => ({
  minute: new Date(now - minutesAgo * 60_000).toISOString(),
  operation,
  outcome,
  count,
})

describe('activity over time', () => {
  test('covers an hour with one column per minute, including empty ones', () => {
    const columns = countByTime([row(1, 'ok', 3), row(1, 'rate_limited'), row(60, 'ok')], 1, now)
    expect(columns).toHaveLength(60)
    expect(columns.at(-1)).toMatchObject({ ok: 3, refused: 1 })
    expect(columns[0]).toMatchObject({ ok: 1, refused: 0 })
    expect(columns[30]).toMatchObject({ ok: 0, refused: 0 })
  })

  test('counts every call, even outside the time span', () => {
    const rows = fc.array(fc.record({ ago: fc.integer({ min: -2, max: 400 }), count: fc.integer({ min: 1, max: 99 }) }))
    fc.assert(
      fc.property(rows, fc.constantFrom(1, 3, 6), (made, hours) => {
        const activity = made.map(({ ago, count }) => row(ago, ago % 2 === 0 ? 'ok' : 'not_found', count))
        const columns = countByTime(activity, hours, now)
        const shown = columns.reduce((sum, { ok, refused }) => sum + ok + refused, 0)
        expect(shown).toBe(made.reduce((sum, { count }) => sum + count, 0))
      }),
    )
  })
})

test('activity by operation: busiest first, with the most frequent reason for refusal', () => {
  const activity = [
    row(1, 'ok', 2, 'card.widgetToken'),
    row(1, 'ok', 5),
    row(2, 'not_found', 1),
    row(3, 'rate_limited', 2),
    row(4, 'rate_limited', 2),
  ]
  expect(countByOperation(activity)).toEqual([
    { operation: 'visitor.guest', ok: 5, refused: 5, mostly: 'rate_limited' },
    { operation: 'card.widgetToken', ok: 2, refused: 0, mostly: undefined },
  ])
})
