/**
 * Counts the running fake timers that modules matching `path` started. Other code of the worker has timers too, such as
 * the connection pool of `fetch`, so the count of all fake timers depends on the files that ran before. Call it after
 * `vi.useFakeTimers()`, which `vi.useRealTimers()` undoes together with this.
 */
export function ownTimers(path: RegExp): () => number {
  const running = new Set<unknown>()
  const { setTimeout, clearTimeout } = globalThis
  Object.assign(globalThis, {
    setTimeout(run: (...parameters: unknown[]) => void, milliseconds?: number, ...parameters: unknown[]) {
      if (!path.test(callerOf(new Error()))) return setTimeout(run, milliseconds, ...parameters)
      const fire = () => {
        running.delete(timer)
        run(...parameters)
      }
      const timer = setTimeout(fire, milliseconds)
      running.add(timer)
      return timer
    },
    clearTimeout(timer?: NodeJS.Timeout) {
      running.delete(timer)
      clearTimeout(timer)
    },
  })
  return () => running.size
}

/** The line of the stack below the function that made the error. */
const callerOf = ({ stack = '' }: Error) => stack.split('\n')[2] ?? ''
