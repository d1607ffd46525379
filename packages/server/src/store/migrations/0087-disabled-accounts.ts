import type { Kysely } from '../kysely.js'

/** When an account was disabled. Null if it is enabled. */
export async function addDisabledAccounts({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('accounts').addColumn('disabled_at', 'bigint').execute()
}
