import { replaceMembers } from '../store/lazy-object.js'
import type { Store } from '../store/store.js'
import { unavailable } from './common-refusals.js'

/**
 * Runs a change after the earlier changes of the same account. A change calls `decided` once it has written everything:
 * the next one begins then, and doesn't wait for the commit.
 */
export type ChangeQueue = <T>(accountId: string, change: (decided: () => void) => Promise<T>) => Promise<T>

/**
 * A change that waits longer than this is refused. Its own statements are given up after 1.8 s, so every call gets a
 * response within 5 s. On PostgreSQL, 64 changes at once took up to 2.8 s on a machine with four times the load that it
 * has cores for.
 */
const waitMilliseconds = 3_000
const maxWaiting = 200

/** The changes of one account, until the last of them ends. */
interface Queue {
  waiting: number
  tail: Promise<void>
}

/**
 * An account's changes follow one another in its history. They wait here and not in the database, where each would hold
 * a connection that other accounts need. While one is committed, the next already runs: on SQLite, all of a turn share a
 * commit, and 64 concurrent revocations took a third of the time. On PostgreSQL, it waits at the head of the history, so
 * an account holds two connections at most.
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
      const run = async (decided: () => void) => {
        clearTimeout(timer)
        try {
          if (!isLate) resolve(await change(decided))
        } catch (error) {
          reject(error)
        } finally {
          queue.waiting--
          if (queue.waiting === 0) queues.delete(accountId)
        }
      }
      queue.tail = queue.tail.then(() => new Promise((decided) => void run(decided).then(decided)))
    })
  }
}

/** A store whose transactions are changes of one account. */
export const queuedStore = (store: Store, queue: ChangeQueue, accountId: string): Store =>
  replaceMembers(store, {
    transaction: (run) => queue(accountId, (decided) => store.transaction((tx) => run(tx).finally(decided))),
  })
