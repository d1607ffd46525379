import { describe, expect, test } from 'vitest'
import { isUrgent } from './is-urgent.js'
import { takeTurns } from './take-turns.js'

/** Turns of an event loop that a test runs. */
function setUp() {
  let time = 0
  let next: (() => void)[] = []
  const turns = takeTurns({ now: () => time, nextTurn: (run) => void next.push(run) })
  const done: string[] = []
  /** Work that takes some milliseconds. */
  const work = (name: string, milliseconds: number) => () => {
    time += milliseconds
    done.push(name)
  }
  return {
    turns,
    done,
    work,
    advance: (milliseconds: number) => {
      time += milliseconds
    },
    runTurn() {
      const current = next
      next = []
      for (const run of current) run()
    },
    isIdle: () => next.length === 0,
  }
}

describe('turns', () => {
  test('what arrives in one turn runs at once for 2 ms, and then waits', () => {
    const { turns, advance, runTurn } = setUp()
    expect(turns.mayRunNow()).toBe(true)
    advance(1.5)
    expect(turns.mayRunNow()).toBe(true)
    advance(0.5)
    expect(turns.mayRunNow()).toBe(false)
    runTurn()
    expect(turns.mayRunNow()).toBe(true)
  })

  test('a turn ends after 2 ms of work, and the rest runs in the order of arrival', () => {
    const { turns, done, work, runTurn, isIdle } = setUp()
    for (const name of ['a', 'b', 'c', 'd']) turns.add(work(name, 1.2))
    runTurn()
    expect(done).toEqual(['a', 'b'])
    expect(turns.mayRunNow()).toBe(false)
    runTurn()
    expect(done).toEqual(['a', 'b', 'c', 'd'])
    expect([turns.mayRunNow(), isIdle()]).toEqual([true, false])
  })

  test('short work also leaves the turn to others, after 16 pieces', () => {
    const { turns, done, work, runTurn } = setUp()
    for (let count = 0; count < 20; count++) turns.add(work(`${count}`, 0))
    runTurn()
    expect(done).toHaveLength(16)
    runTurn()
    expect(done).toHaveLength(20)
  })

  test('urgent work goes before all other work, and waits for other urgent work', () => {
    const { turns, done, work, runTurn } = setUp()
    turns.add(work('guest', 1))
    turns.add(work('redeem', 1), true)
    turns.add(work('refresh', 1), true)
    runTurn()
    runTurn()
    expect(done).toEqual(['redeem', 'refresh', 'guest'])
  })

  test('report how long the work that ran last had waited', () => {
    const { turns, work, advance, runTurn } = setUp()
    turns.add(work('a', 0))
    advance(300)
    runTurn()
    expect(turns.delay()).toBe(300)
    runTurn()
    turns.mayRunNow()
    expect(turns.delay()).toBe(0)
  })
})

test.each([
  ['POST /v1/widget_tokens/redeem HTTP/1.1\r\nHost: x\r\n\r\n', true],
  ['POST /api/v1/widget/auth/refresh?x=1 HTTP/1.1\r\n', true],
  ['POST /trpc/visitor.refresh HTTP/1.1\r\n', true],
  ['GET /health/ready HTTP/1.1\r\n', true],
  ['POST /api/v1/widget/auth/guest HTTP/1.1\r\n', false],
  ['POST /trpc/visitor.guest?batch=1 HTTP/1.1\r\n', false],
  ['{"refresh_token":"GET /health/ready HTTP/1.1', false],
  ['GET /health/ready', false],
  ['', false],
])('a packet is judged by its first line: %j', (text, expected) => {
  expect(isUrgent(Buffer.from(text))).toBe(expected)
})
