import { type Kysely, sql } from '../kysely.js'

/** The algorithm of a client key's session tokens, and which signing keys are for client keys. Null: the server's own. */
export async function addSessionAlgs({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('client_keys').addColumn('session_alg', 'text').execute()
  await schema
    .createIndex('client_keys_session_alg')
    .on('client_keys')
    .column('session_alg')
    .where(sql.ref('session_alg'), 'is not', null)
    .execute()
  await schema.alterTable('signing_keys').addColumn('for_client_keys', 'integer').execute()
  await schema.alterTable('signing_keys').addColumn('unused_since', 'bigint').execute()
}
