import { sql } from '../kysely.js'
import { inIndexOrder, type Scopes } from '../scope.js'

/** A table with revocations. */
export type RevocationSource = 'cut_offs' | 'client_keys' | 'sessions' | 'tokens' | 'declared_tokens'

/** Something that was revoked. */
export interface RevocationRow {
  readonly account_id: string
  /** The time of the revocation in milliseconds. For a cutoff, its not-before time. */
  readonly at: number
  /** The id in its account. For a cutoff, scope and subject. */
  readonly key: readonly string[]
}

/** The start of a page of rows: after a time, or after a row. */
export type RevocationCursor = Pick<RevocationRow, 'at'> & Partial<Pick<RevocationRow, 'account_id' | 'key'>>

/** How a table is read. The condition must equal that of its partial indexes exactly, or SQLite doesn't use them. */
const sources = {
  cut_offs: { table: 'cut_offs', at: 'not_before', key: ['scope', 'subject'], condition: sql`true` },
  client_keys: { table: 'client_keys', at: 'disabled_at', key: ['id'], condition: sql`disabled_at is not null` },
  sessions: { table: 'sessions', at: 'revoked_at', key: ['sid'], condition: sql`revoked_at is not null` },
  tokens: {
    table: 'token_states',
    at: 'decided_at',
    key: ['jti'],
    condition: sql`state = 'revoked' and kind = 'bridge'`,
  },
  declared_tokens: {
    table: 'token_states',
    at: 'decided_at',
    key: ['jti'],
    condition: sql`state = 'revoked' and kind = 'declared'`,
  },
} as const

export function revocationQueries({ forAccount, unscoped }: Scopes) {
  return {
    /**
     * What was revoked after a time, oldest first, at most `limit` rows: of one account, or of all. Each page is one
     * range of an index, whatever else is in the table.
     */
    async listRevocations(
      source: RevocationSource,
      { accountId, after, limit }: { accountId?: string | undefined; after: RevocationCursor; limit: number },
    ): Promise<RevocationRow[]> {
      const { rows } = await selectRevocations(source, { accountId, after, limit }).execute(
        accountId === undefined ? unscoped : forAccount(accountId),
      )
      return rows.map(({ account_id, at, first, second }) => ({
        account_id,
        at,
        key: second === undefined ? [first] : [first, second],
      }))
    },

    /** The last restore after a time, both in milliseconds. */
    async findRestoreSince(time: number): Promise<number | undefined> {
      const row = await unscoped
        .selectFrom('restores')
        .select((eb) => eb.fn.max('restored_at').as('restoredAt'))
        .where('restored_at', '>', time)
        .executeTakeFirst()
      return row?.restoredAt ?? undefined
    },
  }
}

/** The statement of a page. A test asks the database for its query plan. */
export function selectRevocations(
  source: RevocationSource,
  { accountId, after, limit }: { accountId?: string | undefined; after: RevocationCursor; limit: number },
) {
  const { table, at, key, condition } = sources[source]
  const [first, second] = key
  const account = accountId === undefined ? ['account_id'] : []
  const order = [at, ...account, ...key]
  const begin = [after.at, ...(accountId === undefined ? [after.account_id] : []), ...(after.key ?? [])]
  const isPage = after.key !== undefined
  // a time alone excludes all of its rows; a row continues where the previous page ended
  const columns = sql.join((isPage ? order : [at]).map((column) => sql.ref(column)))
  const values = sql.join(isPage ? begin : [after.at])
  const own = accountId === undefined ? sql`` : sql`and account_id = ${accountId}`
  return sql<{ account_id: string; at: number; first: string; second?: string }>`${sql.raw(inIndexOrder)}
    select account_id, ${sql.ref(at)} as at, ${sql.ref(first)} as first
      ${second === undefined ? sql`` : sql`, ${sql.ref(second)} as second`}
    from ${sql.table(table)}
    where ${condition} ${own} and (${columns}) > (${values})
    order by ${sql.join(order.map((column) => sql.ref(column)))} limit ${limit}`
}
