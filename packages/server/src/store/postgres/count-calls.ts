import type { SharedDatabase } from '../database.js'

/** How long a count is needed at most, in milliseconds: three of the longest windows. */
const keptMilliseconds = 180_000

/**
 * The database's own time: a replica whose clock is wrong must not delete the counts of others, or keep them too long.
 */
const databaseTime = '(extract(epoch from clock_timestamp()) * 1000)::bigint'

/** Rows are locked in the order of their keys, so that statements with common rows don't block each other. */
const countText = `with counted as (
  insert into rate_limits (key, points, expire)
  select key, $2::int, ${databaseTime} + ${keptMilliseconds}
  from (select key from unnest($1::text[]) as asked(key) order by key) as sorted
  on conflict (key) do update set points = rate_limits.points + excluded.points, expire = excluded.expire
  returning key, points
) select key, points from counted union all select key, points from rate_limits where key = any($3::text[])`

/** Adds the points to each key, and returns the counts of these keys and of others, in one round trip. */
export async function countCalls(
  { query }: Pick<SharedDatabase, 'query'>,
  counting: { readonly keys: readonly string[]; readonly points: number; readonly alsoRead: readonly string[] },
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await query({ text: countText, values: [counting.keys, counting.points, counting.alsoRead] })
  return new Map((rows as { key: string; points: number }[]).map(({ key, points }) => [key, points]))
}

/** Deletes the counts that are no longer needed. */
export async function clearCounts({ query }: Pick<SharedDatabase, 'query'>): Promise<void> {
  await query({ text: `delete from rate_limits where expire < ${databaseTime}`, values: [] })
}
