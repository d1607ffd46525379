/** Runs work of many connections one after the other, each in its own turn of the event loop. */
export interface Turns {
  readonly add: (work: () => void) => void
}

/** In between, the event loop handles everything else: new requests, and the responses of others. */
export function takeTurns(): Turns {
  const waiting = new Set<() => void>()
  const next = () => {
    const [work] = waiting
    if (!work) return
    waiting.delete(work)
    if (waiting.size > 0) setImmediate(next)
    work()
  }
  return {
    add(work) {
      if (waiting.size === 0) setImmediate(next)
      waiting.add(work)
    },
  }
}
