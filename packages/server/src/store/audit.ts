import type { NewestFirst } from './page.js'
import type { Whose } from './refusals.js'
import type { Scopes } from './scope.js'

/** One change and who made it. Times in milliseconds. */
export interface StoredAuditEntry {
  readonly id: string
  /** Null when it is the server's. */
  readonly accountId: string | null
  readonly at: number
  readonly operation: string
  /** Null, like the key, when it was made on the server's host. */
  readonly requestId: string | null
  readonly apiKeyId: string | null
  readonly apiKeyAccountId: string | null
  readonly targetId: string | null
  readonly changes: Readonly<Record<string, unknown>>
  readonly expiresAt: number
}

export function auditQueries({ of, host }: Scopes) {
  return {
    async insertAuditEntry(entry: StoredAuditEntry): Promise<void> {
      const { accountId, requestId, apiKeyId, apiKeyAccountId, targetId, expiresAt, changes, ...same } = entry
      await (accountId === null ? host : of(accountId))
        .insertInto('audit_entries')
        .values({
          ...same,
          account_id: accountId,
          request_id: requestId,
          api_key_id: apiKeyId,
          api_key_account_id: apiKeyAccountId,
          target_id: targetId,
          changes: JSON.stringify(changes),
          expires_at: expiresAt,
        })
        .execute()
    },

    async listAuditEntries(whose: Whose, now: number, { before, limit }: NewestFirst): Promise<StoredAuditEntry[]> {
      const all = (whose === 'everyone' ? host : of(whose.accountId))
        .selectFrom('audit_entries')
        .selectAll()
        .where('expires_at', '>', now)
      const mine = whose === 'everyone' ? all : all.where('account_id', '=', whose.accountId)
      const older = before === undefined ? mine : mine.where('id', '<', before)
      const rows = await older.orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row) => ({
        id: row.id,
        accountId: row.account_id,
        at: row.at,
        operation: row.operation,
        requestId: row.request_id,
        apiKeyId: row.api_key_id,
        apiKeyAccountId: row.api_key_account_id,
        targetId: row.target_id,
        changes: JSON.parse(row.changes),
        expiresAt: row.expires_at,
      }))
    },
  }
}
