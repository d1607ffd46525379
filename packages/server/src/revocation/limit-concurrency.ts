import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'

/**
 * Runs a limited number of tasks at a time. A limited number of others wait for their turn, and any beyond are refused.
 */
export function limitConcurrency(atOnce: number, mostWaiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (task) => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw new HallpassError('unavailable', messages.tooManyFeedReaders)
      // the task that ends passes its slot on
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
