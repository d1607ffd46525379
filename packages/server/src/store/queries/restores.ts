import { type Expression, type SqlBool, sql } from '../kysely.js'
import type { Scopes } from '../scope.js'

/**
 * Restores: a database that was restored to an earlier time lacks the redemptions and revocations since then. So
 * everything issued before a restore is invalid, and each decision checks that in its own write.
 */
export function restoreQueries({ unscoped }: Scopes) {
  return {
    /** Invalidates everything issued up to this time (milliseconds). */
    async markRestored(restoredAt: number): Promise<void> {
      await unscoped
        .insertInto('restores')
        .values({ restored_at: restoredAt })
        .onConflict((oc) => oc.column('restored_at').doNothing())
        .execute()
    },

    /** The time of the last restore, in milliseconds. Undefined if there was none. */
    async findLastRestore(): Promise<number | undefined> {
      const row = await unscoped
        .selectFrom('restores')
        .select((eb) => eb.fn.max('restored_at').as('restoredAt'))
        .executeTakeFirst()
      return row?.restoredAt ?? undefined
    },
  }
}

/** True for what was issued after every restore. False for the same millisecond, whose order is unknown. */
export const issuedSinceRestore = (issuedAt: Expression<number>): Expression<SqlBool> =>
  sql<SqlBool>`not exists (select 1 from restores where restored_at >= ${issuedAt})`

/** {@link issuedSinceRestore}, for a time in milliseconds. */
export const timeSinceRestore = (issuedAt: number): Expression<SqlBool> =>
  issuedSinceRestore(sql`cast(${issuedAt} as bigint)`)
