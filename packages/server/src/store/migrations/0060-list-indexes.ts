import type { Kysely } from '../kysely.js'

/** A page of one account's keys, or of its child accounts, is read without those of other accounts. */
export async function indexLists({ schema }: Kysely<unknown>): Promise<void> {
  for (const table of ['api_keys', 'client_keys']) {
    await schema.createIndex(`${table}_account_id_id`).on(table).columns(['account_id', 'id']).execute()
  }
  await schema.createIndex('accounts_parent_id_id').on('accounts').columns(['parent_id', 'id']).execute()
  await schema.dropIndex('accounts_parent_id').execute()
}
