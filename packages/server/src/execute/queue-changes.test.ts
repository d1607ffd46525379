import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Store } from '../store/store.js'
import { createChangeQueue, queuedStore } from './queue-changes.js'

/** A change that ends when the test says so. */
function heldChange() {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const state = { isBegun: false }
  const run = async () => {
    state.isBegun = true
    await ended
    return 'done'
  }
  return { state, run, end }
}

describe('the queue of changes', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('an account waits only for its own changes', async () => {
    const queue = createChangeQueue()
    const [first, second, other] = [heldChange(), heldChange(), heldChange()]
    const answers = [queue('a', first.run), queue('a', second.run), queue('b', other.run)]
    await vi.advanceTimersByTimeAsync(0)
    expect([first, second, other].map(({ state }) => state.isBegun)).toEqual([true, false, true])
    first.end()
    await answers[0]
    await vi.advanceTimersByTimeAsync(0)
    expect(second.state.isBegun).toBe(true)
    second.end()
    other.end()
    expect(await Promise.all(answers)).toEqual(['done', 'done', 'done'])
  })

  test('an account waits for its running change, and nothing is kept once the last one ends', async () => {
    const queues = new Map()
    const queue = createChangeQueue(queues)
    const [first, second, third] = [heldChange(), heldChange(), heldChange()]
    const answers = [queue('a', first.run), queue('a', second.run)]
    first.end()
    await answers[0]
    await vi.advanceTimersByTimeAsync(0)
    answers.push(queue('a', third.run))
    await vi.advanceTimersByTimeAsync(0)
    expect([second, third].map(({ state }) => state.isBegun)).toEqual([true, false])
    second.end()
    third.end()
    await Promise.all(answers)
    await vi.advanceTimersByTimeAsync(0)
    expect(queues.size).toBe(0)
  })

  test('the next change begins while the first is committed, and not before it was decided', async () => {
    const [decision, commit, next] = [heldChange(), heldChange(), heldChange()]
    // the only member that is called
    const store = {
      transaction: async (run: (tx: object) => Promise<unknown>) => {
        const value = await run({})
        if (value === 'first') await commit.run()
        return value
      },
    } as unknown as Store
    const queued = queuedStore(store, createChangeQueue(), 'a')
    const first = queued.transaction(() => decision.run().then(() => 'first'))
    const second = queued.transaction(next.run)
    await vi.advanceTimersByTimeAsync(0)
    expect([decision.state.isBegun, next.state.isBegun]).toEqual([true, false])
    decision.end()
    await vi.advanceTimersByTimeAsync(0)
    expect([commit.state.isBegun, next.state.isBegun]).toEqual([true, true])
    next.end()
    expect(await second).toBe('done')
    commit.end()
    expect(await first).toBe('first')
  })

  test('a failed change affects only its own caller', async () => {
    const queue = createChangeQueue()
    const failed = queue('a', () => Promise.reject(new Error('no')))
    const next = queue('a', async () => 'done')
    await expect(failed).rejects.toThrow('no')
    expect(await next).toBe('done')
  })

  test("503 for a change that waits too long, which then doesn't run, and for more than 200", async () => {
    const queue = createChangeQueue()
    const [first, late] = [heldChange(), heldChange()]
    const begun = queue('a', first.run)
    const refused = expect(queue('a', late.run)).rejects.toMatchObject({ reason: 'unavailable' })
    await vi.advanceTimersByTimeAsync(3_000)
    await refused
    const more = Array.from({ length: 300 }, () => queue('a', async () => 'done').catch(({ reason }) => reason))
    first.end()
    expect(await begun).toBe('done')
    const answers = await Promise.all(more)
    expect(late.state.isBegun).toBe(false)
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(198)
    expect(answers.filter((answer) => answer === 'unavailable')).toHaveLength(102)
  })
})
