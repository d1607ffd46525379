import { feedLifetimes, type NameLifetime } from '../feed-lifetimes.js'
import { type Kysely, sql } from '../kysely.js'
import { prepared } from '../prepared.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'

/**
 * The maximum number of names that an account adds to its feed in two periods, each as long as a name stays. With one
 * more, a cutoff of the account replaces them all. At worst, the feed has 3.1 MB, and a verifier accepts 8.
 */
export const mostNames: Record<NameLifetime, number> = { session: 50_000, bridge: 20_000, declared: 10_000 }

/** A name that is added to an account's feed. Times in milliseconds. */
interface AddedName {
  readonly lifetime: NameLifetime
  readonly now: number
  /** A cutoff of the account up to this time makes the name unnecessary, so it isn't counted. */
  readonly beganAt: number
}

/**
 * Counts a name in the transaction that revokes it. The account's row is locked until then, so that no count is lost.
 */
export async function countName(
  trx: Kysely<Database>,
  accountId: string,
  { lifetime, now, beganAt }: AddedName,
): Promise<void> {
  const period = Math.floor(now / feedLifetimes[lifetime])
  // a cutoff that is about to leave the feed doesn't cover a name for long enough
  const since = now - feedLifetimes.declared + feedLifetimes.session
  await count(trx, { accountId, lifetime, period, since, beganAt })
}

export function revocationCountQueries({ forAccount }: Scopes) {
  return {
    /**
     * Resets the counts of an account if its feed is full, which is the decision to replace its names. False if it
     * isn't full.
     */
    async emptyFullFeed(accountId: string): Promise<boolean> {
      return (await emptyIfFull(forAccount(accountId), { accountId })).numAffectedRows !== 0n
    },
  }
}

type Counted = { accountId: string; lifetime: NameLifetime; period: number; since: number; beganAt: number }

const last = sql.ref('revocation_counts.period')

const count = prepared(
  (db, { accountId, lifetime, period, since, beganAt }: Counted) =>
    sql`
    insert into revocation_counts (account_id, lifetime, period, current, previous)
    select ${accountId}, ${lifetime}, cast(${period} as bigint), 1, 0 where not exists (
      select 1 from cut_offs where account_id = ${accountId} and scope = 'account'
        and subject = ${accountId} and not_before >= ${beganAt} and not_before > ${since})
    on conflict (account_id, lifetime) do update set
      period = case when ${last} > excluded.period then ${last} else excluded.period end,
      current = case when ${last} >= excluded.period then revocation_counts.current + 1 else 1 end,
      previous = case
        when ${last} >= excluded.period then revocation_counts.previous
        when ${last} = excluded.period - 1 then revocation_counts.current
        else 0 end`.compile(db),
  { isResultUnused: true },
)

const emptyIfFull = prepared((db, { accountId }: { accountId: string }) =>
  db
    .updateTable('revocation_counts')
    .set({ current: 0, previous: 0 })
    .where('account_id', '=', accountId)
    .where((eb) =>
      eb.or(
        (['session', 'bridge', 'declared'] as const).map((lifetime) =>
          eb.and([eb('lifetime', '=', lifetime), eb(sql<number>`current + previous`, '>', mostNames[lifetime])]),
        ),
      ),
    )
    .compile(),
)
