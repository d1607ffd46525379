import { type Kysely, sql } from '../kysely.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'

/** The table has one row. */
const id = 1
/** The time of PostgreSQL, which other servers read too. */
const databaseMilliseconds = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
/** A server notes its time every second, so a server with a note that is this old may still be running. */
const liveMilliseconds = 3_000
/** The next note follows a second later. */
const jumpMarginMilliseconds = 1_500

/** The latest time that any server on this database has used, so that a starting server doesn't go back before it. */
export function latestTimeQueries({ unscoped }: Scopes) {
  return {
    /** In milliseconds. Undefined if no server has noted a time. */
    async findLatestTime(): Promise<number | undefined> {
      const row = await unscoped.selectFrom('latest_time').select('time').where('id', '=', id).executeTakeFirst()
      return row?.time
    },

    /**
     * The current time, in milliseconds, of the servers that run on this database. Undefined if none has noted its time
     * recently, or with SQLite, which has only one server. The database's clock only measures the time since that note,
     * so it may be wrong.
     */
    async findLiveTime(): Promise<number | undefined> {
      if (!isPostgres(unscoped)) return undefined
      const { rows } = await sql<{ time: number }>`
        select time + ${sinceNote} as time from latest_time where id = ${id} and ${isLive}
      `.execute(unscoped)
      return rows[0]?.time
    },

    /**
     * Notes a time, in milliseconds, unless a later one is stored. A jump is noted before it is made. With SQLite,
     * which has no clock, the note also covers the time until the next one.
     */
    async noteLatestTime(at: number, { isJump = false }: { readonly isJump?: boolean } = {}): Promise<void> {
      const time = isJump && !isPostgres(unscoped) ? at + jumpMarginMilliseconds : at
      const noted_at = isPostgres(unscoped) ? databaseMilliseconds : null
      await unscoped
        .insertInto('latest_time')
        .values({ id, time, noted_at })
        .onConflict((oc) => oc.column('id').doUpdateSet({ time, noted_at }).where('latest_time.time', '<', time))
        .execute()
    },
  }
}

const sinceNote = sql<number>`(${databaseMilliseconds} - noted_at)`
const isLive = sql<boolean>`${sinceNote} between 0 and ${sql.lit(liveMilliseconds)}`

/**
 * The later of a time (milliseconds) and the latest time that any server has used. So a cutoff covers everything issued
 * so far, even if another server's clock was ahead.
 */
export function coveringAll(db: Kysely<Database>, time: number) {
  const given = sql<number>`cast(${time} as bigint)`
  if (!isPostgres(db))
    return sql<number>`max(${given}, coalesce((select time from latest_time where id = ${sql.lit(id)}), 0))`
  const used = sql`time + case when ${isLive} then ${sinceNote} else 0 end`
  return sql<number>`greatest(${given}, (select ${used} from latest_time where id = ${sql.lit(id)}))`
}
