import { type Kysely, sql } from '../kysely.js'
import { secureTable } from './secure-postgres.js'

/**
 * Indexes for the revocation feeds: only what was revoked, by time, of one account or of all. They leave out spent
 * tokens and active sessions, so the cost of a feed depends only on what was revoked.
 */
export async function addAccountFeeds(db: Kysely<unknown>): Promise<void> {
  const revokedBridge = sql`state = 'revoked' and kind = 'bridge'`
  const isRevoked = sql`revoked_at is not null`
  const isDisabled = sql`disabled_at is not null`
  for (const create of [
    sql`create index sessions_revoked_of_account on sessions (account_id, revoked_at, sid) where ${isRevoked}`,
    sql`create index sessions_revoked on sessions (revoked_at, account_id, sid) where ${isRevoked}`,
    sql`drop index sessions_revoked_at`,
    sql`create index token_states_revoked_of_account on token_states (account_id, decided_at, jti) where ${revokedBridge}`,
    sql`create index token_states_revoked on token_states (decided_at, account_id, jti) where ${revokedBridge}`,
    sql`create index client_keys_disabled_of_account on client_keys (account_id, disabled_at, id) where ${isDisabled}`,
    sql`create index client_keys_disabled on client_keys (disabled_at, account_id, id) where ${isDisabled}`,
    sql`create index cut_offs_of_account on cut_offs (account_id, not_before, scope, subject)`,
    sql`create index cut_offs_in_order on cut_offs (not_before, account_id, scope, subject)`,
    sql`drop index cut_offs_not_before`,
  ]) {
    await create.execute(db)
  }
  await db.schema
    .createTable('revocation_counts')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('lifetime', 'text', (c) => c.notNull())
    .addColumn('period', 'bigint', (c) => c.notNull())
    .addColumn('current', 'integer', (c) => c.notNull())
    .addColumn('previous', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('revocation_counts_pk', ['account_id', 'lifetime'])
    .execute()
  await secureTable(db, 'revocation_counts')
}
