import type { Kysely } from '../kysely.js'

/** A MAC over the columns that control what a key can do. Rows get one once there is a data key with an id. */
export async function addRowMacs({ schema }: Kysely<unknown>): Promise<void> {
  for (const table of ['api_keys', 'client_keys']) await schema.alterTable(table).addColumn('mac', 'text').execute()
}
