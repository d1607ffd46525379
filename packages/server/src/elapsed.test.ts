import { expect, test } from 'vitest'
import { createElapsed } from './elapsed.js'

function sleeper() {
  const times = { awake: 1_000, total: 1_000, interrupted: 0 }
  const elapsed = createElapsed({
    awake: () => times.awake,
    total: () => {
      times.awake += times.interrupted
      return times.total + times.interrupted
    },
  })
  const pass = (milliseconds: number, slept = 0) => {
    times.awake += milliseconds
    times.total += milliseconds + slept
  }
  return { times, elapsed, pass }
}

test('counts an hour of sleep, once', () => {
  const { elapsed, pass } = sleeper()
  const start = elapsed()
  pass(500, 3_600_000)
  pass(500)
  expect(elapsed() - start).toBe(3_601_000)
  pass(5_000)
  expect(elapsed() - start).toBe(3_606_000)
})

test('ignores the inaccuracy of the uptime', () => {
  const { elapsed, pass } = sleeper()
  const start = elapsed()
  for (let second = 0; second < 100; second++) {
    pass(1_000, second % 2 === 0 ? 900 : -900)
    elapsed()
  }
  expect(elapsed() - start).toBe(100_000)
})

test("doesn't mistake an interruption between the two readings for sleep", () => {
  const { times, elapsed, pass } = sleeper()
  const start = elapsed()
  pass(2_000)
  times.interrupted = 5_000
  expect(elapsed() - start).toBe(2_000)
  times.interrupted = 0
  times.total += 5_000
  expect(elapsed() - start).toBe(7_000)
})
