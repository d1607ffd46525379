import type { Kysely } from '../kysely.js'

/** The identity providers whose tokens begin sessions of a client key. */
export async function addTrustedIssuers({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('client_keys').addColumn('trusted_issuers', 'text').execute()
}
