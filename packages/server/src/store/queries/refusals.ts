import type { Reason } from '@hallpass/contracts'
import { type Selectable, type SelectQueryBuilder, sql } from '../kysely.js'
import type { NewestFirst } from '../page.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'

/** The reason why one call was refused. Times in milliseconds. */
export interface StoredRefusal {
  readonly id: string
  /** Null if the caller is unknown. */
  readonly accountId: string | null
  readonly requestId: string
  readonly sentIdHash: string | null
  /** The trace that the request belonged to. */
  readonly traceId: string | null
  readonly at: number
  readonly operation: string | null
  readonly reason: Reason
  readonly rule: string
  readonly seen: string | null
  readonly fix: string
  readonly apiKeyId: string | null
  readonly clientKeyId: string | null
}

/** Whose refusals are requested. Those of all accounts, and of unknown callers, only on the server's host. */
export type Whose = { readonly accountId: string } | 'everyone'

type Query = SelectQueryBuilder<Database, 'refusals', object>

export function refusalQueries({ forAccount, unscoped }: Scopes) {
  const newest = (whose: Whose, limit: number, narrow: (query: Query) => Query) => {
    const all: Query = (whose === 'everyone' ? unscoped : forAccount(whose.accountId)).selectFrom('refusals')
    const mine = whose === 'everyone' ? all : all.where('account_id', '=', whose.accountId)
    return narrow(mine).selectAll().orderBy('id', 'desc').limit(limit).execute()
  }

  return {
    async insertRefusals(refusals: readonly StoredRefusal[]): Promise<void> {
      // one batch contains refusals of many accounts
      await unscoped.insertInto('refusals').values(refusals.map(toRow)).execute()
    },

    /** The newest refusals of a request, by the server's id for it or by the hash of the caller's id. */
    async findRefusals(
      whose: Whose,
      request: { readonly id: string; readonly sentIdHash: string },
      { since, limit }: { readonly since: number; readonly limit: number },
    ): Promise<StoredRefusal[]> {
      const rows = await newest(whose, limit, (query) =>
        query
          .where('at', '>', since)
          .where((eb) => eb.or([eb('request_id', '=', request.id), eb('sent_id_hash', '=', request.sentIdHash)])),
      )
      return rows.map(toRefusal)
    },

    async listRefusals(whose: Whose, since: number, { before, limit }: NewestFirst): Promise<StoredRefusal[]> {
      const rows = await newest(whose, limit, (query) => {
        const recent = query.where('at', '>', since)
        return before === undefined ? recent : recent.where('id', '<', before)
      })
      return rows.map(toRefusal)
    },

    /** Deletes what an account (null: unknown callers) has beyond its newest `keep`. */
    async trimRefusals(accountId: string | null, keep: number): Promise<void> {
      const mine = accountId === null ? sql`account_id is null` : sql`account_id = ${accountId}`
      const last = sql`select id from refusals where ${mine} order by id desc limit 1 offset ${keep}`
      await sql`delete from refusals where ${mine} and id <= (${last})`.execute(
        accountId === null ? unscoped : forAccount(accountId),
      )
    },

    /** Deletes refusals older than `until` (milliseconds), and all beyond the newest `keep`. */
    async trimAllRefusals(until: number, keep: number): Promise<void> {
      await unscoped.deleteFrom('refusals').where('at', '<=', until).execute()
      const last = sql`select id from refusals order by id desc limit 1 offset ${keep}`
      await sql`delete from refusals where id <= (${last})`.execute(unscoped)
    },
  }
}

function toRow(refusal: StoredRefusal): Database['refusals'] {
  const { accountId, requestId, sentIdHash, traceId, apiKeyId, clientKeyId, ...same } = refusal
  return {
    ...same,
    account_id: accountId,
    request_id: requestId,
    sent_id_hash: sentIdHash,
    trace_id: traceId,
    api_key_id: apiKeyId,
    client_key_id: clientKeyId,
  }
}

function toRefusal(row: Selectable<Database['refusals']>): StoredRefusal {
  const { account_id, request_id, sent_id_hash, trace_id, api_key_id, client_key_id, ...same } = row
  return {
    ...same,
    accountId: account_id,
    requestId: request_id,
    sentIdHash: sent_id_hash,
    traceId: trace_id,
    apiKeyId: api_key_id,
    clientKeyId: client_key_id,
  }
}
