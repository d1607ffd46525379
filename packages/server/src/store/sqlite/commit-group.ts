import type { Sqlite } from './sqlite.js'

/** Writes that are committed together, in one SQLite transaction. */
export interface Group {
  /** Resolves after the commit; rejects if nothing of the group is kept. */
  readonly committed: Promise<void>
  /** False once it is committed or rolled back. */
  readonly isOpen: () => boolean
}

export interface CommitGroups {
  /** The current group, or a new one. Throws if another process holds the write lock for too long. */
  readonly open: () => Group
  readonly isOpen: () => boolean
  /** Resolves once whatever was written or read up to now is committed. */
  readonly committed: () => Promise<void>
  /** Gives up the group if SQLite rolled it back because of this error, as it does when the disk is full. */
  readonly noteFailure: (cause: unknown) => void
  /** Commits if the group waits for nothing but a transaction. */
  readonly commitIfDue: () => void
  readonly commit: () => void
}

interface Deps {
  /** Whether a transaction is running, which is waited for. */
  readonly isHeld: () => boolean
  /** Ends the transaction of the turn's reads. */
  readonly endReads: () => void
  /** A monotonic time in milliseconds. */
  readonly elapsed?: () => number
}

/** How long a group grows at most. */
const growMilliseconds = 4

interface Open extends Group {
  readonly end: (failure?: { readonly cause: unknown }) => void
}

/**
 * A commit is synced to disk, which takes as long as many writes and blocks the event loop. So the writes of one turn of
 * the event loop share a commit, and those of the next turns too, as long as each brings more: requests are read for 2 ms
 * in a turn, which was enough for 5 writes on a busy machine with 64 connections. The group takes the write lock when it begins: taken later, it
 * would be refused if another process had written in between.
 */
export function createCommitGroups(
  sqlite: Sqlite,
  { isHeld, endReads, elapsed = () => performance.now() }: Deps,
): CommitGroups {
  const begin = sqlite.prepare('begin immediate')
  const end = sqlite.prepare('commit')
  let group: Open | undefined
  let isDue = false
  let writes = 0

  const close = (failure?: { readonly cause: unknown }) => {
    const closed = group
    group = undefined
    closed?.end(failure)
  }
  const commit = () => {
    if (!group) return
    try {
      end.run()
      close()
    } catch (cause) {
      if (sqlite.isInTransaction()) sqlite.exec('rollback')
      close({ cause })
    }
  }
  /** Commits after this turn, or after the first one without more writes. */
  const commitAfterTurn = (opened: Open, until: number, seen: number) => {
    setImmediate(() => {
      if (group !== opened) return
      if (writes !== seen && elapsed() < until) return commitAfterTurn(opened, until, writes)
      isDue = true
      if (!isHeld()) commit()
    })
  }
  return {
    open() {
      writes++
      if (group) return group
      endReads()
      begin.run()
      const opened = createGroup()
      group = opened
      isDue = false
      commitAfterTurn(opened, elapsed() + growMilliseconds, writes)
      return opened
    },
    isOpen: () => group !== undefined,
    committed: async () => group?.committed,
    noteFailure(cause) {
      if (group && !sqlite.isInTransaction()) close({ cause })
    },
    commitIfDue() {
      if (isDue) commit()
    },
    commit,
  }
}

function createGroup(): Open {
  let isOpen = true
  let end: Open['end'] = () => {}
  const committed = new Promise<void>((resolve, reject) => {
    end = (failure) => {
      isOpen = false
      if (failure) reject(failure.cause)
      else resolve()
    }
  })
  // callers that wait for the commit handle the rejection, if there are any
  committed.catch(() => {})
  return { committed, isOpen: () => isOpen, end }
}
