import type { Kysely } from '../kysely.js'

/** A limit for each secret key besides the account's, and one for a client key over all addresses. */
export async function addLimits({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('accounts').addColumn('requests_per_second_per_key', 'integer').execute()
  await schema.alterTable('client_keys').addColumn('guest_per_minute_total', 'integer').execute()
}
