import type { Kysely } from '../kysely.js'

/** One row with the latest time that a server has used. */
export async function createLatestTime({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('latest_time')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .execute()
}
