import type { SharedDatabase } from '../database.js'

/** Selects the database's time as `time`, in milliseconds. */
export const askTime = 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as time'

/** The database's time, in milliseconds. */
export async function readTime({ query }: Pick<SharedDatabase, 'query'>): Promise<number> {
  const { rows } = await query({ text: askTime, values: [] })
  return Number((rows as { time: number }[])[0]?.time)
}
