import type { Selectable } from '../kysely.js'
import type { NewestFirst } from '../page.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'
import type { Whose } from './refusals.js'

/** One change and its author. Times in milliseconds. */
export interface AuditEntry {
  readonly id: string
  /** Null for a change of the server as a whole. */
  readonly accountId: string | null
  readonly at: number
  readonly operation: string
  /** Null, like the key, for a change made on the server's host. */
  readonly requestId: string | null
  readonly apiKeyId: string | null
  readonly apiKeyAccountId: string | null
  readonly targetId: string | null
  readonly changes: Readonly<Record<string, unknown>>
  readonly expiresAt: number
}

/** The columns of an entry in the database, without its position in the chain. */
export type AuditContent = Omit<Selectable<Database['audit_entries']>, 'seq' | 'key_id' | 'mac'>

export function auditQueries({ forAccount, unscoped }: Scopes) {
  return {
    async listAuditEntries(whose: Whose, now: number, { before, limit }: NewestFirst): Promise<AuditEntry[]> {
      const all = (whose === 'everyone' ? unscoped : forAccount(whose.accountId))
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

export function toContent(entry: AuditEntry): AuditContent {
  const { accountId, requestId, apiKeyId, apiKeyAccountId, targetId, expiresAt, changes, ...same } = entry
  return {
    ...same,
    account_id: accountId,
    request_id: requestId,
    api_key_id: apiKeyId,
    api_key_account_id: apiKeyAccountId,
    target_id: targetId,
    changes: JSON.stringify(changes),
    expires_at: expiresAt,
  }
}
