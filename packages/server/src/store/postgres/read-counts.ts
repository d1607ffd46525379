import type { SharedDatabase } from '../open-sqlite.js'

/** The counts that stand under these keys; 0 where there is none. */
export async function readCounts(
  { query }: Pick<SharedDatabase, 'query'>,
  keys: readonly string[],
): Promise<readonly number[]> {
  const { rows } = await query({ text: 'select key, points from rate_limits where key = any($1)', values: [keys] })
  const counts = new Map((rows as { key: string; points: number }[]).map(({ key, points }) => [key, points]))
  return keys.map((key) => counts.get(key) ?? 0)
}
