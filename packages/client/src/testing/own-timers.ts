/**
 * Counts the running fake timers that modules matching `path` started. Other code of the worker has timers too, such as
 * the connection pool of `fetch`, so the count of all fake timers depends on the files that ran before. Call it after
 * `vi.useFakeTimers()`, which `vi.useRealTimers()` undoes together with this.
 */
export function ownTimers(path: RegExp): () => number {
  const running = new Set<unknown>()
  const { setTimeout, clearTimeout } = globalThis
  const start = (run: (...parameters: unknown[]) => void, milliseconds?: number, ...parameters: unknown[]) => {
    if (!path.test(callerOf(new Error()))) return setTimeout(run, milliseconds, ...parameters)
    const fire = () => {
      running.delete(timer)
      run(...parameters)
    }
    const timer = setTimeout(fire, milliseconds)
    running.add(timer)
    return timer
  }
  const stop = (timer?: NodeJS.Timeout) => {
    running.delete(timer)
    clearTimeout(timer)
  }
  // `vi.useRealTimers()` deletes a global function that lacks the marks of a fake one
  Object.assign(globalThis, {
    setTimeout: Object.assign(start, setTimeout),
    clearTimeout: Object.assign(stop, clearTimeout),
  })
  return () => running.size
}

/** The line of the stack below the function that made the error. */
const callerOf = ({ stack = '' }: Error) => stack.split('\n')[2] ?? ''
