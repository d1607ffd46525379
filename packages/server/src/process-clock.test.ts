import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createProcessClock, watchClock } from './process-clock.js'

const start = 1_795_248_000_000
const hour = 3_600_000
const minute = 60_000

let elapsed: number
let offset: number
beforeEach(() => {
  elapsed = 5_000
  offset = 0
})
const wallNow = () => start + elapsed + offset
const open = () => createProcessClock({ wall: { now: wallNow, random: () => Buffer.alloc(0) }, elapsed: () => elapsed })
type Opened = ReturnType<typeof open>

/** Advances the time second by second, with the checks that a server makes. */
function run(clock: Opened, milliseconds: number, everySecond = () => {}) {
  for (let left = milliseconds; left > 0; left -= 1_000) {
    elapsed += 1_000
    everySecond()
    if (clock.findJump() !== undefined) clock.takeOver()
  }
}
/** A reading that takes no time. */
const read = ({ ownNow, observe }: Opened, time: number) => observe({ asked: ownNow(), answered: ownNow(), time })

describe('without a database clock', () => {
  test.each([hour, -hour])("a jump of the wall clock by %i ms shows as skew and doesn't move the time", (by) => {
    const clock = open()
    const before = clock.clock.now()
    offset = by
    expect(clock.skew()).toBe(hour)
    expect(clock.wallAhead()).toBe(by)
    expect(clock.clock.now()).toBe(before)
  })

  test('follows a wall clock that stays ahead for ten minutes, but not one that went back', () => {
    const ahead = open()
    offset = hour
    run(ahead, 9 * minute)
    expect(ahead.skew()).toBeGreaterThan(hour / 2)
    run(ahead, 2 * minute)
    expect(ahead.skew()).toBe(0)
    offset = 0
    run(ahead, 20 * minute)
    expect(ahead.skew()).toBeGreaterThan(hour / 2)
  })

  test('short jumps do not add up to ten minutes', () => {
    const clock = open()
    for (let times = 0; times < 5; times++) {
      offset = hour
      run(clock, 4 * minute)
      offset = 0
      run(clock, 4 * minute)
    }
    expect(Math.abs(clock.clock.now() - wallNow())).toBeLessThan(minute)
  })
})

describe('with a database clock', () => {
  test('the first reading sets the clock; the wall clock no longer moves it', () => {
    const clock = open()
    read(clock, start + elapsed - 20_000)
    expect(clock.clock.now()).toBe(start + elapsed - 20_000)
    expect(clock.skew()).toBe(20_000)
    offset = hour
    expect(clock.clock.now()).toBe(start + elapsed - 20_000)
    expect(clock.skew()).toBe(hour + 20_000)
    run(clock, 20 * minute)
    expect(clock.clock.now()).toBe(start + elapsed - 20_000)
  })

  test('a database clock that jumps is followed slowly', () => {
    const clock = open()
    read(clock, wallNow())
    for (const jumped of [hour, -hour]) {
      read(clock, wallNow() + jumped)
      const before = clock.clock.now()
      run(clock, minute)
      expect(Math.abs(clock.clock.now() - before - minute)).toBeLessThanOrEqual(minute * 0.05 + 1)
    }
  })

  test('a process that was paused catches up at once if both clocks agree', () => {
    const clock = open()
    read(clock, wallNow())
    offset = hour
    read(clock, wallNow())
    expect(clock.skew()).toBe(hour)
    if (clock.findJump() !== undefined) clock.takeOver()
    expect(clock.skew()).toBe(0)
  })
})

describe('after a restart', () => {
  test('continues two seconds after the latest time noted', () => {
    const clock = open()
    clock.continueFrom(wallNow() + hour)
    expect(clock.clock.now()).toBe(wallNow() + hour + 2_000)
    expect(clock.skew()).toBe(hour + 2_000)
    expect(clock.wallAhead()).toBe(-hour - 2_000)
  })

  test('a replica that noted a time slightly ahead moves it by just that much', () => {
    const clock = open()
    clock.continueFrom(wallNow() + 3)
    expect(clock.clock.now()).toBe(wallNow() + 3)
  })

  test('starts at the wall clock if that is later, and reports the time it used', () => {
    const clock = open()
    clock.continueFrom(wallNow() - hour)
    expect(clock.lastUsed()).toBe(0)
    expect(clock.clock.now()).toBe(wallNow())
    expect(clock.lastUsed()).toBe(wallNow())
  })
})

describe('the log', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function watch(clock: Opened): string[] {
    const lines: string[] = []
    const write = (...line: unknown[]) => void lines.push(String(line.at(-1)))
    const stop = watchClock(clock, { error: write, info: write })
    onTestFinished(stop)
    return lines
  }
  const until =
    'The server is not ready until they are within 30 s. Set the clock by NTP. If it is right, see “Clocks” in docs/operations.md.'

  test('reports once that the clock is off, and once that it is right again', () => {
    const lines = watch(open())
    offset = -hour
    vi.advanceTimersByTime(3_000)
    offset = 0
    vi.advanceTimersByTime(3_000)
    expect(lines).toEqual([
      `The clock of this machine is 3600 s behind this server's time. ${until}`,
      'The clocks agree again. The server is ready.',
    ])
  })

  test("names the database's clock if that is the one that is off", () => {
    const clock = open()
    read(clock, wallNow() + hour)
    clock.join(wallNow())
    const lines = watch(clock)
    vi.advanceTimersByTime(1_000)
    expect(lines).toEqual([`The database's clock is 3600 s ahead of this server's time. ${until}`])
  })
})
