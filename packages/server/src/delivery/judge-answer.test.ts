import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { judgeAnswer } from './judge-answer.js'

const days = 3 * 24 * 3_600_000
const refused = { result: 'refused', status: 500 } as const

/** The pauses of an event whose every attempt fails, in milliseconds, with the same jitter. */
function pauses(jitter: number): number[] {
  const found: number[] = []
  for (let now = 0, attempts = 1; ; attempts++) {
    const { state, nextAttemptAt } = judgeAnswer({ attempts, give_up_at: days }, refused, now, jitter)
    if (state === 'dead') return found
    found.push(nextAttemptAt - now)
    now = nextAttemptAt
  }
}

/** Milliseconds of a text such as `3 h 2 min`. */
const units = { s: 1_000, min: 60_000, h: 3_600_000 } as const
const read = (text: string) =>
  [...text.matchAll(/(\d+) (s|min|h)\b/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * units[unit as keyof typeof units],
    0,
  )

describe('the table of attempts in docs/webhooks.md', () => {
  const page = readFileSync(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (\d+)(?:–(\d+))? +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(
    ([, first, last = first, pause = '', after = '']) => ({ first: Number(first), last: Number(last), pause, after }),
  )
  const usual = pauses(0.5)

  test('has every attempt', () => {
    expect(rows.flatMap(({ first, last }) => (first === last ? [first] : [first, last]))).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      usual.length + 1,
    ])
  })

  test.each(rows.slice(1))('attempt $first comes $pause after the one before, $after after the event', (row) => {
    const sum = (attempt: number) => usual.slice(0, attempt - 1).reduce((all, pause) => all + pause, 0)
    // the table rounds to a hundredth
    expect(Math.abs((usual[row.first - 2] ?? 0) / read(row.pause) - 1)).toBeLessThan(0.02)
    const [from = '', until = from] = row.after.split(' to ')
    expect(Math.abs(sum(row.first) / read(from) - 1)).toBeLessThan(0.1)
    expect(Math.abs(sum(row.last) / read(until) - 1)).toBeLessThan(0.1)
  })
})

describe('the pause before the next attempt', () => {
  const pauseOf = (retryAfter: string, attempts = 1) => {
    const { state, nextAttemptAt } = judgeAnswer({ attempts, give_up_at: days }, { ...refused, retryAfter }, 0, 0.5)
    return `${state} ${nextAttemptAt}`
  }

  test('is up to a fifth shorter or longer', () => {
    expect(pauses(0).slice(0, 3)).toEqual([4_000, 12_000, 36_000])
    expect(pauses(1).slice(0, 3)).toEqual([6_000, 18_000, 54_000])
  })

  test.each([
    ['seconds', '60', 'pending 60000'],
    ['a date', new Date(90_000).toUTCString(), 'pending 90000'],
    ['more than a day', '999999999', 'pending 86400000'],
    ['less than the usual pause', '1', 'pending 5000'],
    ['a date in the past', new Date(-90_000).toUTCString(), 'pending 5000'],
    ['a negative number', '-60', 'pending 5000'],
    ['nonsense', 'soon', 'pending 5000'],
  ])('heeds Retry-After as %s', (_, retryAfter, expected) => {
    expect(pauseOf(retryAfter)).toBe(expected)
  })

  test('has no end after 410: the delivery is dead', () => {
    const gone = { result: 'gone', status: 410, retryAfter: '60' } as const
    expect(judgeAnswer({ attempts: 1, give_up_at: days }, gone, 0, 0.5).state).toBe('dead')
  })

  test('is left out after an interruption, which is not the fault of the endpoint', () => {
    const interrupted = { result: 'interrupted', status: null } as const
    const { state, nextAttemptAt } = judgeAnswer({ attempts: 9, give_up_at: days }, interrupted, 7, 0.5)
    expect([state, nextAttemptAt]).toEqual(['pending', 7])
  })
})
