import type { Scopes } from '../scope.js'

/** The table has one row. */
const id = 1

/** The latest time that any server on this database has used, so that a server that starts doesn't go back behind it. */
export function latestTimeQueries({ unscoped }: Scopes) {
  return {
    /** In milliseconds; undefined if no server has noted one. */
    async findLatestTime(): Promise<number | undefined> {
      const row = await unscoped.selectFrom('latest_time').select('time').where('id', '=', id).executeTakeFirst()
      return row?.time
    },

    /** Notes a time, in milliseconds, unless a later one is there. */
    async noteLatestTime(time: number): Promise<void> {
      await unscoped
        .insertInto('latest_time')
        .values({ id, time })
        .onConflict((oc) => oc.column('id').doUpdateSet({ time }).where('latest_time.time', '<', time))
        .execute()
    },
  }
}
