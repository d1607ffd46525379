import { type Insertable, type Selectable, sql } from '../kysely.js'
import { changedOne, prepared } from '../prepared.js'
import type { Scopes } from '../scope.js'
import type { KindTokensTable } from '../token-tables.js'
import { latestIssue } from './card-tokens.js'
import { issuedSinceRestore } from './restores.js'

/** A token of a declared kind as stored: never the token itself. Times in milliseconds. */
export type KindTokenRow = Selectable<KindTokensTable> & {
  /** Whether a cutoff, a restore, or a change of its kind ended it. */
  readonly isEnded: boolean
}

/** Decisions about tokens of declared kinds. */
export function kindTokenQueries({ forAccount }: Scopes) {
  return {
    async insertKindToken(row: Insertable<KindTokensTable>): Promise<void> {
      await forAccount(row.account_id).insertInto('kind_tokens').values(row).execute()
    },

    /** Uses a token once. Undefined if it can't be used now. The update is the decision. */
    async redeemKindToken(
      accountId: string,
      tokenKey: string,
      now: number,
    ): Promise<{ usesLeft: number | null } | undefined> {
      const values = { accountId, tokenKey, now, latest: latestIssue(now) }
      const [row] = (await redeem(forAccount(accountId), values)).rows
      return row && { usesLeft: row.uses_left }
    },

    /** Revokes a token. False if there is no such token, or it was revoked before. */
    async revokeKindToken(accountId: string, tokenKey: string, now: number): Promise<boolean> {
      return changedOne(await revoke(forAccount(accountId), { accountId, tokenKey, now }))
    },

    async findKindToken(accountId: string, tokenKey: string): Promise<KindTokenRow | undefined> {
      const [row] = (await find(forAccount(accountId), { accountId, tokenKey })).rows
      return row && { ...row, isEnded: row.isEnded === 1 }
    },
  }
}

/** True for a token after every cutoff and restore, whose kind and client key are enabled, and which no shorter lifetime ends. */
const isCurrent = sql<boolean>`not exists (
    select 1 from cut_offs
    where cut_offs.account_id = kind_tokens.account_id
      and cut_offs.not_before >= kind_tokens.issued_at
      and ((cut_offs.scope = 'account' and cut_offs.subject = kind_tokens.account_id)
        or (cut_offs.scope = 'api_key' and cut_offs.subject = kind_tokens.api_key_id)
        or (cut_offs.scope = 'client_key' and cut_offs.subject = kind_tokens.client_key_id)
        or (cut_offs.scope = 'kind' and cut_offs.subject = kind_tokens.kind)
        or (cut_offs.scope = 'subject' and cut_offs.subject = kind_tokens.subject)
        or (cut_offs.scope = 'resource' and cut_offs.subject = kind_tokens.resource))
  ) and exists (
    select 1 from kinds
    where kinds.account_id = kind_tokens.account_id and kinds.name = kind_tokens.kind and kinds.disabled_at is null
      and kind_tokens.expires_at - kind_tokens.issued_at <= kinds.max_ttl_seconds * cast(1000 as bigint)
  ) and (kind_tokens.client_key_id is null or exists (
    select 1 from client_keys
    where client_keys.account_id = kind_tokens.account_id and client_keys.id = kind_tokens.client_key_id
      and client_keys.disabled = 0
  )) and ${issuedSinceRestore(sql.ref('kind_tokens.issued_at'))}`

type Named = { accountId: string; tokenKey: string }

const redeem = prepared((db, { accountId, tokenKey, now, latest }: Named & { now: number; latest: number }) =>
  db
    .updateTable('kind_tokens')
    .set({
      uses_left: sql`case when uses_left is null then null else uses_left - 1 end`,
      first_used_at: sql`coalesce(first_used_at, cast(${now} as bigint))`,
    })
    .where('account_id', '=', accountId)
    .where('token_key', '=', tokenKey)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('uses_left', 'is', null), eb('uses_left', '>', 0)]))
    .where('expires_at', '>', now)
    .where('issued_at', '<=', latest)
    .where((eb) => eb.or([eb('start_by', 'is', null), eb('first_used_at', 'is not', null), eb('start_by', '>', now)]))
    .where(isCurrent)
    .returning(['uses_left'])
    .compile(),
)

const revoke = prepared((db, { accountId, tokenKey, now }: Named & { now: number }) =>
  db
    .updateTable('kind_tokens')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('token_key', '=', tokenKey)
    .where('revoked_at', 'is', null)
    .compile(),
)

const find = prepared((db, { accountId, tokenKey }: Named) =>
  db
    .selectFrom('kind_tokens')
    .selectAll()
    .select(sql<number>`case when ${isCurrent} then 0 else 1 end`.as('isEnded'))
    .where('account_id', '=', accountId)
    .where('token_key', '=', tokenKey)
    .compile(),
)
