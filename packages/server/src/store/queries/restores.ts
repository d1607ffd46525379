import { type Expression, type SqlBool, sql } from '../kysely.js'
import type { Scopes } from '../scope.js'

/**
 * Restores: a database that was put back to an earlier time has forgotten what was spent and revoked since. So whatever
 * was issued before a restore is over, and each decision asks for that in its own write.
 */
export function restoreQueries({ unscoped }: Scopes) {
  return {
    /** Ends everything that was issued up to this time (milliseconds). */
    async markRestored(restoredAt: number): Promise<void> {
      await unscoped
        .insertInto('restores')
        .values({ restored_at: restoredAt })
        .onConflict((oc) => oc.column('restored_at').doNothing())
        .execute()
    },

    /** The last restore, in milliseconds; undefined when there was none. */
    async findLastRestore(): Promise<number | undefined> {
      const row = await unscoped
        .selectFrom('restores')
        .select((eb) => eb.fn.max('restored_at').as('restoredAt'))
        .executeTakeFirst()
      return row?.restoredAt ?? undefined
    },
  }
}

/** True for what was issued after every restore. The very same millisecond is in doubt, and so refused; no time is too. */
export function issuedSinceRestore(issuedAt: Expression<number> | number): Expression<SqlBool> {
  const time = typeof issuedAt === 'number' ? sql`cast(${issuedAt || 0} as bigint)` : issuedAt
  return sql<SqlBool>`not exists (select 1 from restores where restored_at >= ${time})`
}
