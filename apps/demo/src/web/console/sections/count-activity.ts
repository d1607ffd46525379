/** How often one operation came out one way in one minute. */
export interface Counted {
  readonly minute: string
  readonly operation: string
  /** `ok`, or the reason of the refusal. */
  readonly outcome: string
  readonly count: number
}

export interface Column {
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly ok: number
  readonly refused: number
}

/** The calls of the last hours in columns of equal length, empty ones included, the oldest first. */
export function countByTime(activity: readonly Counted[], hours: number, now: number): Column[] {
  const columns = 60
  const length = (hours * 3_600_000) / columns
  const start = now - hours * 3_600_000
  const counts = Array.from({ length: columns }, (_, i) => ({ from: start + i * length, ok: 0, refused: 0 }))
  for (const { minute, outcome, count } of activity) {
    // a minute that began before the first column still reaches into it
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
  /** The reason of most refusals. */
  readonly mostly: string | undefined
}

/** The calls of each operation, those asked most first. */
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
