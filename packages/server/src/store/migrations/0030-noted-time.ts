import type { Kysely } from '../kysely.js'

/**
 * When the time was noted, by the database's clock, so that a server that starts can compute the current time of the
 * others.
 */
export async function addNotedAt({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('latest_time').addColumn('noted_at', 'bigint').execute()
}
