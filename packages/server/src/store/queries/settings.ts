import { sql } from '../kysely.js'
import { isPostgres, type Scopes } from '../scope.js'

/** Facts about the database as a whole, such as its data key, sealed under the master key. */
export function settingQueries({ unscoped }: Scopes) {
  return {
    async findSetting(name: string): Promise<string | undefined> {
      const row = await unscoped.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
      return row?.value
    },

    /**
     * The value, locked against changes until this transaction ends (with `update`, also against other locks). SQLite
     * always works this way.
     */
    async lockSetting(name: string, strength: 'share' | 'update'): Promise<string | undefined> {
      const query = unscoped.selectFrom('settings').select('value').where('name', '=', name)
      const locking = strength === 'share' ? query.forShare() : query.forUpdate()
      return (await (isPostgres(unscoped) ? locking : query).executeTakeFirst())?.value
    },

    /** Changes a value, if it is unchanged since it was read. */
    async replaceSetting(name: string, from: string, to: string): Promise<boolean> {
      const result = await unscoped
        .updateTable('settings')
        .set({ value: to })
        .where('name', '=', name)
        .where('value', '=', from)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    /** The migrations that were applied, in their order, and when (RFC 3339). */
    async listMigrations(): Promise<{ name: string; timestamp: string }[]> {
      const query = sql<{ name: string; timestamp: string }>`select name, timestamp from kysely_migration order by name`
      return (await query.execute(unscoped)).rows
    },

    /** Writes a value once. The first writer wins. */
    async insertSetting(name: string, value: string): Promise<void> {
      await unscoped
        .insertInto('settings')
        .values({ name, value })
        .onConflict((oc) => oc.column('name').doNothing())
        .execute()
    },
  }
}
