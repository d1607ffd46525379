import type { Sqlite } from './sqlite.js'

/** The reads of one turn of the event loop. */
export interface ReadTurns {
  /** Call it before a read. */
  readonly begin: () => void
  /** Call it before the write lock is taken. */
  readonly end: () => void
}

/**
 * The reads of one turn share a transaction, and so the locks that SQLite takes for each: alone, a read took 7.5 µs,
 * and in a turn 3. Reading the version, which most calls do first, took 3.4 µs, and takes 0.3. What another process
 * commits meanwhile is seen in the next turn.
 */
export function createReadTurns(sqlite: Sqlite): ReadTurns {
  const begin = sqlite.prepare('begin')
  const commit = sqlite.prepare('commit')
  let isOpen = false
  const end = () => {
    if (isOpen && sqlite.isInTransaction()) commit.run()
    isOpen = false
  }
  return {
    begin() {
      // in a transaction that writes, reads need no other
      if (isOpen || sqlite.isInTransaction()) return
      begin.run()
      isOpen = true
      setImmediate(end)
    },
    end,
  }
}
