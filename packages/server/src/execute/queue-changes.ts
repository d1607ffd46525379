import { replaceMembers } from '../store/lazy-object.js'
import type { Store } from '../store/store.js'
import { unavailable } from './common-refusals.js'

/** Runs a change after the earlier changes of the same account. */
export type ChangeQueue = <T>(accountId: string, change: () => Promise<T>) => Promise<T>

/** A change that waits longer than this is refused, so that every call gets a response in time. */
const waitMilliseconds = 2_000
const maxWaiting = 200

/** The changes of one account, until the last of them ends. */
interface Queue {
  waiting: number
  tail: Promise<void>
}

/**
 * An account's changes follow one another in its history. They wait here and not in the database, where each would hold
 * a connection that other accounts need.
 */
export function createChangeQueue(queues = new Map<string, Queue>()): ChangeQueue {
  return (accountId, change) => {
    const queue = queues.get(accountId) ?? { waiting: 0, tail: Promise.resolve() }
    if (queue.waiting >= maxWaiting) return Promise.reject(unavailable())
    queues.set(accountId, queue)
    queue.waiting++
    return new Promise((resolve, reject) => {
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        reject(unavailable())
      }, waitMilliseconds)
      queue.tail = queue.tail.then(async () => {
        clearTimeout(timer)
        try {
          if (!isLate) resolve(await change())
        } catch (error) {
          reject(error)
        } finally {
          queue.waiting--
          if (queue.waiting === 0) queues.delete(accountId)
        }
      })
    })
  }
}

/** A store whose transactions are changes of one account. */
export const queuedStore = (store: Store, queue: ChangeQueue, accountId: string): Store =>
  replaceMembers(store, { transaction: (run) => queue(accountId, () => store.transaction(run)) })
