/** Runs work of many connections one after the other, a little in each turn of the event loop. */
export interface Turns {
  /** Whether work can run now: nothing waits, and this turn has time left. */
  readonly mayRunNow: () => boolean
  /** Runs work once all that waits now has run. Urgent work waits only for other urgent work. */
  readonly add: (work: () => void, isUrgent?: boolean) => void
  /** How long the work that ran last had waited, in milliseconds. */
  readonly delay: () => number
}

interface Deps {
  /** A monotonic time in milliseconds. */
  readonly now: () => number
  /** Runs something in the next turn of the event loop. */
  readonly nextTurn: (run: () => void) => void
}

/** A turn with more work ends late for timers, for other listeners, and for new connections: Node accepts one a turn. */
const turnMilliseconds = 2
/** Each runs in a callback of its own, so that what it begins goes on before the next one. */
const mostInTurn = 16

/** In between, the event loop handles everything else: new requests, and the responses of others. */
export function takeTurns({ now, nextTurn }: Deps = ownTime): Turns {
  /** Since when each waits. */
  const urgent = new Map<() => void, number>()
  const others = new Map<() => void, number>()
  let isOpen = false
  let until = 0
  let scheduled = 0
  let delay = 0

  const open = (time: number) => {
    isOpen = true
    until = time + turnMilliseconds
  }
  const close = () => {
    isOpen = false
  }
  const schedule = () => {
    // the queue has its own part of the turn
    if (scheduled === 0) isOpen = false
    scheduled++
    nextTurn(runNext)
  }
  const runNext = () => {
    const time = now()
    if (!isOpen) open(time)
    scheduled--
    if (time < until) runFirst(urgent.size > 0 ? urgent : others, time)
    if (scheduled > 0) return
    isOpen = false
    for (let left = Math.min(urgent.size + others.size, mostInTurn); left > 0; left--) schedule()
  }
  const runFirst = (waiting: Map<() => void, number>, time: number) => {
    for (const [work, since] of waiting) {
      waiting.delete(work)
      delay = time - since
      return work()
    }
  }
  return {
    mayRunNow() {
      if (urgent.size + others.size > 0) return false
      const time = now()
      if (!isOpen) {
        open(time)
        nextTurn(close)
      }
      if (time >= until) return false
      delay = 0
      return true
    },
    add(work, isUrgent = false) {
      if (!urgent.has(work) && !others.has(work)) (isUrgent ? urgent : others).set(work, now())
      if (scheduled < mostInTurn) schedule()
    },
    delay: () => delay,
  }
}

const ownTime: Deps = { now: () => performance.now(), nextTurn: (run) => void setImmediate(run) }
