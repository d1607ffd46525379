import type { Kysely } from '../kysely.js'

/** The trace that a refused request belonged to. Null if it had none. */
export async function addRefusalTraces({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('refusals').addColumn('trace_id', 'text').execute()
}
