/** Whose rows have changed since something was read, so that the changes of one tenant expire nothing of another. */
export interface Changes {
  /** How many changes there were until now. */
  readonly count: () => number
  /** The rows of an account have changed. Without an account, any row may have. */
  readonly note: (accountId?: string) => void
  /** Whether rows of an account, read at a count, are still as they were. Without an account: whether any row is. */
  readonly isCurrent: (count: number, accountId?: string) => boolean
}

/** Follows at most so many accounts. One more, and everything counts as changed. */
export function followChanges({ maxAccounts }: { readonly maxAccounts: number }): Changes {
  let count = 0
  let lastOfAll = 0
  const last = new Map<string, number>()
  return {
    count: () => count,
    note(accountId) {
      count++
      if (accountId !== undefined && (last.size < maxAccounts || last.has(accountId))) {
        last.set(accountId, count)
        return
      }
      lastOfAll = count
      last.clear()
    },
    isCurrent: (at, accountId) =>
      accountId === undefined ? at === count : at >= lastOfAll && at >= (last.get(accountId) ?? 0),
  }
}
