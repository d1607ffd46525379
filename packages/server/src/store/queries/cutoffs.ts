import { type CutoffScope, feedLifetimes, lifetimeOfScope } from '../feed-lifetimes.js'
import { type Compilable, type Expression, type Kysely, sql } from '../kysely.js'
import { type Prepared, prepared } from '../prepared.js'
import { inTransaction } from '../row-guard.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'
import { coveringAll } from './latest-time.js'
import { countName } from './revocation-counts.js'
import { insertEvent, type WebhookEventRow } from './webhook-deliveries.js'

export interface Cutoff {
  readonly scope: CutoffScope
  readonly subject: string
}

/**
 * The event that tells of a cutoff at this time, in milliseconds. It is written in the transaction of the cutoff.
 * Undefined if another event covers it.
 */
export type EventOfCutoff = (cutoff: Cutoff, notBefore: number) => WebhookEventRow | undefined

/** Not-before cutoffs: one row ends any number of tokens and sessions. */
export function cutoffQueries({ forAccount, unscoped }: Scopes) {
  return {
    /**
     * Ends what began up to `notBefore` (milliseconds), and tells the account's webhook endpoints. A later cutoff replaces
     * an earlier one. An earlier one changes nothing, and has no event.
     */
    async addCutoff(
      accountId: string,
      cutoff: Cutoff,
      times: { notBefore: number; expiresAt: number },
      eventOf: EventOfCutoff,
    ): Promise<void> {
      const { scope, subject } = cutoff
      const values = coveringTimes(forAccount(accountId), times)
      await inTransaction(forAccount(accountId), async (trx) => {
        /** Writes a cutoff, unless an existing one is earlier by at most this many milliseconds. */
        const write = async (margin: number): Promise<number | undefined> => {
          const row = trx.insertInto('cut_offs').values({ account_id: accountId, scope, subject, ...values })
          const written = await row
            .onConflict((oc) =>
              oc
                .columns(['account_id', 'scope', 'subject'])
                .doUpdateSet(values)
                .where(sql<boolean>`cut_offs.not_before < excluded.not_before - ${sql.lit(margin)}`),
            )
            .returning('not_before')
            .executeTakeFirst()
          return written?.not_before
        }
        // a cutoff that is already in the feed is only moved
        const added = await write(feedLifetimes.session)
        const notBefore = added ?? (await write(0))
        if (notBefore === undefined) return
        // feeds don't name cards, and a cutoff of the account is one name
        if (added !== undefined && scope !== 'account' && scope !== 'card') {
          const { notBefore: now } = times
          await countName(trx, accountId, { lifetime: lifetimeOfScope(scope), now, beganAt: now })
        }
        const event = eventOf(cutoff, notBefore)
        if (event) await insertEvent(trx, accountId, event)
      })
    },

    /**
     * Writes a cutoff in an account and each of its children, with one statement: for everything, or for what one
     * secret key minted, because the key can act for all of these accounts. Tells those that have webhook endpoints.
     * Returns the ids of the accounts.
     */
    async addFamilyCutoff(
      accountId: string,
      family: { readonly scope: 'account' } | { readonly scope: 'api_key'; readonly subject: string },
      times: { notBefore: number; expiresAt: number },
      eventOf: EventOfCutoff,
    ): Promise<string[]> {
      const { not_before, expires_at } = coveringTimes(unscoped, times)
      // rows of other accounts, which this account's own queries can't write
      return inTransaction(unscoped, async (trx) => {
        const members = trx
          .selectFrom('accounts')
          .where((own) => own.or([own('accounts.id', '=', accountId), own('parent_id', '=', accountId)]))
        const rows = await trx
          .insertInto('cut_offs')
          .columns(['account_id', 'scope', 'subject', 'not_before', 'expires_at'])
          .expression(
            members
              .select((eb) => [
                'accounts.id as account_id',
                eb.val(family.scope).as('scope'),
                (family.scope === 'account' ? sql<string>`accounts.id` : sql<string>`${family.subject}`).as('subject'),
                not_before.as('not_before'),
                expires_at.as('expires_at'),
              ])
              // the same order in every call, so that two calls never deadlock
              .orderBy('accounts.id'),
          )
          .onConflict((oc) =>
            oc
              .columns(['account_id', 'scope', 'subject'])
              .doUpdateSet({ not_before: laterOf('not_before'), expires_at: laterOf('expires_at') }),
          )
          .returning(['account_id', 'subject', 'not_before'])
          .execute()
        const reported = await trx
          .selectFrom('webhook_endpoints')
          .select('account_id')
          .distinct()
          .where('account_id', 'in', members.select('accounts.id'))
          .where('disabled_at', 'is', null)
          .where('deleted_at', 'is', null)
          .execute()
        const isReported = new Set(reported.map(({ account_id }) => account_id))
        for (const { account_id, subject, not_before: notBefore } of rows) {
          const event = isReported.has(account_id) && eventOf({ scope: family.scope, subject }, notBefore)
          if (event) await insertEvent(trx, account_id, event)
        }
        return rows.map(({ account_id }) => account_id)
      })
    },

    /** The latest of these cutoffs and the restores of the database, in milliseconds. Undefined if there is none. */
    async findCutoff(accountId: string, cutoffs: readonly Cutoff[]): Promise<number | undefined> {
      const statement = latestOf(cutoffs.map(({ scope }) => scope))
      const [row] = (await statement(forAccount(accountId), { ...subjectsOf(cutoffs), accountId })).rows
      return row?.notBefore ?? undefined
    },
  }
}

/** The values of {@link selectLatest}. */
export const subjectsOf = (cutoffs: readonly Cutoff[]): Record<string, string> =>
  Object.fromEntries(cutoffs.map(({ subject }, index) => [`subject${index}`, subject]))

/** The times of a cutoff, moved later if another server's time is ahead. */
function coveringTimes(db: Kysely<Database>, { notBefore, expiresAt }: { notBefore: number; expiresAt: number }) {
  const not_before = coveringAll(db, notBefore)
  return { not_before, expires_at: sql<number>`${not_before} + ${sql.lit(expiresAt - notBefore)}` }
}

const laterOf = (column: 'not_before' | 'expires_at') => {
  const [own, next] = [sql.ref(`cut_offs.${column}`), sql.ref(`excluded.${column}`)]
  return sql<number>`case when ${own} < ${next} then ${next} else ${own} end`
}

/** Makes something once for each combination of scopes. There are as many as there are kinds of tokens. */
export function onceForScopes<T>(make: (scopes: readonly CutoffScope[]) => T): (scopes: readonly CutoffScope[]) => T {
  const made = new Map<string, T>()
  return (scopes) => {
    const name = scopes.join()
    const found = made.get(name) ?? make(scopes)
    made.set(name, found)
    return found
  }
}

type LatestRow = { notBefore: number | null }

const latestOf = onceForScopes(
  (scopes): Prepared<Record<string, string>, LatestRow> =>
    prepared((db, values) => selectLatest(db, scopes, values).compile()),
)

/** The latest of the cutoffs of these scopes and the restores. Their subjects are the values `subject0`, `subject1`, … */
export function selectLatest(
  db: Kysely<Database>,
  scopes: readonly CutoffScope[],
  values: Readonly<Record<string, string>>,
): Compilable<LatestRow> & Expression<LatestRow> {
  const own = db
    .selectFrom('cut_offs')
    .select('not_before')
    .where('account_id', '=', values.accountId ?? '')
    .where((eb) => eb.or(scopes.map((scope, index) => eb.and({ scope, subject: values[`subject${index}`] ?? '' }))))
  const all = own.unionAll(db.selectFrom('restores').select('restored_at as not_before'))
  return db.selectFrom(all.as('cut')).select((eb) => eb.fn.max('not_before').as('notBefore'))
}
