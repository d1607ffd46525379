import type { Kysely } from '../kysely.js'

/** Whether new sessions of a client key are bound to a key of the browser. Null means off. */
export async function addBinding({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('client_keys').addColumn('bind', 'text').execute()
}
