/** How often an operation had an outcome in one minute. */
export interface Counted {
  readonly minute: string
  readonly operation: string
  /** `ok`, or the reason for the refusal. */
  readonly outcome: string
  readonly count: number
}

export interface Column {
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly ok: number
  readonly refused: number
}

/** Groups the calls of the last `hours` into columns of equal duration, oldest first, including empty ones. */
export function countByTime(activity: readonly Counted[], hours: number, now: number): Column[] {
  const columns = 60
  const length = (hours * 3_600_000) / columns
  const start = now - hours * 3_600_000
  const counts = Array.from({ length: columns }, (_, i) => ({ from: start + i * length, ok: 0, refused: 0 }))
  for (const { minute, outcome, count } of activity) {
    // a minute that started before the first column can end in it
    const at = Math.max(0, Math.floor((Date.parse(minute) - start) / length))
    const column = counts[Math.min(at, columns - 1)]
    if (column) column[outcome === 'ok' ? 'ok' : 'refused'] += count
  }
  return counts
}

interface OperationCount {
  readonly operation: string
  readonly ok: number
  readonly refused: number
  /** The most frequent reason for refusal. */
  readonly mostly: string | undefined
}

/** The calls of each operation, busiest first. */
export function countByOperation(activity: readonly Counted[]): OperationCount[] {
  const operations = [...new Set(activity.map(({ operation }) => operation))]
  return operations
    .map((operation) => {
      const own = activity.filter((row) => row.operation === operation)
      const refusals = own.filter(({ outcome }) => outcome !== 'ok')
      const byReason = [...new Set(refusals.map(({ outcome }) => outcome))].map(
        (reason) => [reason, sum(refusals.filter(({ outcome }) => outcome === reason))] as const,
      )
      return {
        operation,
        ok: sum(own) - sum(refusals),
        refused: sum(refusals),
        mostly: byReason.toSorted(([, a], [, b]) => b - a)[0]?.[0],
      }
    })
    .toSorted((a, b) => b.ok + b.refused - (a.ok + a.refused))
}

const sum = (rows: readonly Counted[]) => rows.reduce((total, { count }) => total + count, 0)
