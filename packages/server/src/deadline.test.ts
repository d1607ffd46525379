import { expect, test } from 'vitest'
import { callMilliseconds, createDeadlines, leastMilliseconds } from './deadline.js'

/** Time that a test moves. As those of Node, timers run for at least 1 ms and may fire a little early. */
function fakeTime() {
  let now = 0
  const timers: { at: number; run: () => void }[] = []
  return {
    elapsed: () => now,
    startTimer: (milliseconds: number, run: () => void) =>
      void timers.push({ at: now + Math.max(milliseconds, 1) - 0.5, run }),
    moveTo(time: number) {
      for (;;) {
        const due = timers.filter(({ at }) => at <= time).sort((one, two) => one.at - two.at)[0]
        if (!due) break
        timers.splice(timers.indexOf(due), 1)
        now = Math.max(now, due.at)
        due.run()
      }
      now = time
    },
    timers: () => timers.length,
  }
}

test('a deadline is 4.5 s after the arrival, calls those that still wait, and costs one timer', () => {
  const time = fakeTime()
  const deadlineOf = createDeadlines(time)
  const passed: string[] = []
  const note = (name: string) => () => void passed.push(name)
  const [waits, done] = [note('waits'), note('done')]
  const deadline = deadlineOf(0)
  expect(deadline.left()).toBe(callMilliseconds)
  deadline.whenPassed(waits)
  const forget = deadline.whenPassed(done)
  forget()
  time.moveTo(30)
  // those that arrive together share it
  expect(deadlineOf(30)).toBe(deadline)
  expect(time.timers()).toBe(1)
  deadlineOf(60).whenPassed(note('next'))
  time.moveTo(callMilliseconds - 1)
  expect(passed).toEqual([])
  time.moveTo(callMilliseconds)
  expect(passed).toEqual(['waits'])
  expect(deadline.left()).toBe(0)
  time.moveTo(callMilliseconds + 100)
  expect(passed).toEqual(['waits', 'next'])
  expect(time.timers()).toBe(0)
})

test('a client that sends slowly uses up its own time, but gets a second for the call itself', () => {
  const time = fakeTime()
  const deadlineOf = createDeadlines(time)
  time.moveTo(3_000)
  expect(deadlineOf(0).left()).toBe(callMilliseconds - 3_000)
  time.moveTo(12_000)
  expect(deadlineOf(0).left()).toBe(leastMilliseconds)
  expect(deadlineOf(0).later(10_000).left()).toBe(leastMilliseconds + 10_000)
})
