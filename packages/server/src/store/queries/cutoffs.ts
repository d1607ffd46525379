import { feedLifetimes } from '../feed-lifetimes.js'
import { type Kysely, sql } from '../kysely.js'
import { inTransaction } from '../row-guard.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'
import { coveringAll } from './latest-time.js'
import { countName } from './revocation-counts.js'

/**
 * What a cut-off ends: everything that began before it of one account, client key, visitor, user, customer or card, or
 * that one secret key minted.
 */
export type CutoffScope = 'account' | 'client_key' | 'visitor' | 'user' | 'customer' | 'card' | 'api_key'

export interface Cutoff {
  readonly scope: CutoffScope
  readonly subject: string
}

/** Cut-offs: one row ends any number of tokens and sessions. */
export function cutoffQueries({ forAccount, unscoped }: Scopes) {
  return {
    /** Ends what began up to `notBefore` (milliseconds); a later cut-off stands against an earlier one. */
    async addCutoff(
      accountId: string,
      { scope, subject }: Cutoff,
      times: { notBefore: number; expiresAt: number },
    ): Promise<void> {
      const { notBefore } = times
      const values = coveringTimes(forAccount(accountId), times)
      await inTransaction(forAccount(accountId), async (trx) => {
        /** Writes it, unless there is one that is earlier by no more than this, in milliseconds. */
        const write = async (margin: number) => {
          const row = trx.insertInto('cut_offs').values({ account_id: accountId, scope, subject, ...values })
          const { numInsertedOrUpdatedRows } = await row
            .onConflict((oc) =>
              oc
                .columns(['account_id', 'scope', 'subject'])
                .doUpdateSet(values)
                .where(sql<boolean>`cut_offs.not_before < excluded.not_before - ${sql.lit(margin)}`),
            )
            .executeTakeFirst()
          return numInsertedOrUpdatedRows === 1n
        }
        // one that the feed still has is only moved
        const isNew = await write(feedLifetimes.session)
        if (!isNew) await write(0)
        // no feed names a card, and a cutoff of the account is one name
        else if (scope !== 'account' && scope !== 'card') {
          const lifetime = scope === 'customer' || scope === 'api_key' ? 'bridge' : 'session'
          await countName(trx, accountId, { lifetime, now: notBefore, beganAt: notBefore })
        }
      })
    },

    /**
     * {@link addCutoff} in an account and each of its children, in one write: of what one secret key minted, which can act
     * for them all, or of everything. Returns the ids of these accounts.
     */
    async addFamilyCutoff(
      accountId: string,
      family: { readonly scope: 'account' } | { readonly scope: 'api_key'; readonly subject: string },
      times: { notBefore: number; expiresAt: number },
    ): Promise<string[]> {
      const { not_before, expires_at } = coveringTimes(unscoped, times)
      // rows of other accounts, which a query of this account cannot write
      const rows = await unscoped
        .insertInto('cut_offs')
        .columns(['account_id', 'scope', 'subject', 'not_before', 'expires_at'])
        .expression((eb) =>
          eb
            .selectFrom('accounts')
            .select([
              'accounts.id as account_id',
              eb.val(family.scope).as('scope'),
              (family.scope === 'account' ? sql<string>`accounts.id` : sql<string>`${family.subject}`).as('subject'),
              not_before.as('not_before'),
              expires_at.as('expires_at'),
            ])
            .where((own) => own.or([own('accounts.id', '=', accountId), own('parent_id', '=', accountId)]))
            // the same order in every call, so that two of them never wait for each other
            .orderBy('accounts.id'),
        )
        .onConflict((oc) =>
          oc
            .columns(['account_id', 'scope', 'subject'])
            .doUpdateSet({ not_before: laterOf('not_before'), expires_at: laterOf('expires_at') }),
        )
        .returning('account_id')
        .execute()
      return rows.map(({ account_id }) => account_id)
    },

    /** The latest among these and the restores of the database, in milliseconds; undefined when there is none. */
    async findCutoff(accountId: string, cutoffs: readonly Cutoff[]): Promise<number | undefined> {
      const own = forAccount(accountId)
        .selectFrom('cut_offs')
        .select('not_before')
        .where('account_id', '=', accountId)
        .where((eb) => eb.or(cutoffs.map(({ scope, subject }) => eb.and({ scope, subject }))))
      const all = own.unionAll(forAccount(accountId).selectFrom('restores').select('restored_at as not_before'))
      const row = await forAccount(accountId)
        .selectFrom(all.as('cut'))
        .select((eb) => eb.fn.max('not_before').as('notBefore'))
        .executeTakeFirst()
      return row?.notBefore ?? undefined
    },
  }
}

/** The times of a cutoff, later by as much as another server's time is ahead. */
function coveringTimes(db: Kysely<Database>, { notBefore, expiresAt }: { notBefore: number; expiresAt: number }) {
  const not_before = coveringAll(db, notBefore)
  return { not_before, expires_at: sql<number>`${not_before} + ${sql.lit(expiresAt - notBefore)}` }
}

const laterOf = (column: 'not_before' | 'expires_at') => {
  const [own, next] = [sql.ref(`cut_offs.${column}`), sql.ref(`excluded.${column}`)]
  return sql<number>`case when ${own} < ${next} then ${next} else ${own} end`
}
