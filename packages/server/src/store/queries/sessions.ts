import { timeOfId } from '@hallpass/contracts'
import type { CutoffScope } from '../feed-lifetimes.js'
import { type Kysely, type SqlBool, sql } from '../kysely.js'
import { changedOne, prepared } from '../prepared.js'
import { inTransaction } from '../row-guard.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'
import { type Cutoff, onceForScopes, subjectsOf } from './cutoffs.js'
import { timeSinceRestore } from './restores.js'
import { countName } from './revocation-counts.js'

/** What is stored about a session that was rotated or revoked. */
export interface SessionRow {
  readonly counter: number
  readonly rotatedAt: number | null
  readonly revokedAt: number | null
}

export interface SessionName {
  readonly accountId: string
  readonly sid: string
}

/**
 * Decisions about sessions. Each is one conditional write on the session's row, so that two decisions can't conflict.
 */
export function sessionQueries({ forAccount }: Scopes) {
  return {
    /**
     * Advances the counter from `counter` to the next, if that is the session's counter, the session is not revoked,
     * and it began after every restore and after each of these cutoffs. A session that was only minted has the counter 0
     * and no row yet.
     */
    async rotateSession(
      session: SessionName,
      counter: number,
      times: { now: number; expiresAt: number },
      { cutoffs, startedAt }: PossibleEnd = neverEnded,
    ): Promise<boolean> {
      const { accountId, sid } = session
      const began = { beganAt: timeOfId(sid) || 0, startedAt }
      const values = { ...subjectsOf(cutoffs), accountId, sid, counter, next: counter + 1, ...times, ...began }
      const { again, first } = rotationOf(cutoffs.map(({ scope }) => scope))
      return changedOne(await (counter > 0 ? again : first)(forAccount(accountId), values))
    },

    /** Revokes a session, rotated or not. False if it was already revoked. */
    async revokeSession(session: SessionName, times: { now: number; expiresAt: number }): Promise<boolean> {
      const { accountId, sid } = session
      return inTransaction(forAccount(accountId), async (trx) => {
        if (!changedOne(await revoke(trx, { accountId, sid, ...times }))) return false
        const name = { lifetime: 'session', now: times.now, beganAt: timeOfId(session.sid) || 0 } as const
        await countName(trx, accountId, name)
        return true
      })
    },

    async findSession(session: SessionName): Promise<SessionRow | undefined> {
      const { accountId, sid } = session
      return (await findRow(forAccount(accountId), { accountId, sid })).rows[0]
    },
  }
}

/** The cutoffs that can end a session, and when it started, in milliseconds. */
export interface PossibleEnd {
  readonly cutoffs: readonly Cutoff[]
  readonly startedAt: number
}

const neverEnded: PossibleEnd = { cutoffs: [], startedAt: 0 }

type Times = { now: number; expiresAt: number; beganAt: number; startedAt: number }
type Rotation = { accountId: string; sid: string; counter: number; next: number } & Times &
  Record<`subject${number}`, string>

const rotationOf = onceForScopes((scopes) => ({ again: rotateAgain(scopes), first: rotateFirst(scopes) }))

const rotateAgain = (scopes: readonly CutoffScope[]) =>
  prepared((db, values: Rotation) =>
    db
      .updateTable('sessions')
      .set({ counter: values.next, rotated_at: values.now, expires_at: values.expiresAt })
      .where('account_id', '=', values.accountId)
      .where('sid', '=', values.sid)
      .where('counter', '=', values.counter)
      .where('revoked_at', 'is', null)
      .where(timeSinceRestore(values.beganAt))
      .where(startedSinceCutoffs(db, scopes, values))
      .compile(),
  )

const rotateFirst = (scopes: readonly CutoffScope[]) =>
  prepared((db, values: Rotation) =>
    db
      .insertInto('sessions')
      .columns(['account_id', 'sid', 'counter', 'rotated_at', 'expires_at'])
      .expression(
        db
          .selectNoFrom((eb) => [
            eb.val(values.accountId).as('account_id'),
            eb.val(values.sid).as('sid'),
            eb.cast<number>(eb.val(values.next), 'integer').as('counter'),
            eb.cast<number>(eb.val(values.now), 'bigint').as('rotated_at'),
            eb.cast<number>(eb.val(values.expiresAt), 'bigint').as('expires_at'),
          ])
          .where(timeSinceRestore(values.beganAt))
          .where(startedSinceCutoffs(db, scopes, values)),
      )
      .onConflict((oc) => oc.columns(['account_id', 'sid']).doNothing())
      .compile(),
  )

function startedSinceCutoffs(db: Kysely<Database>, scopes: readonly CutoffScope[], values: Rotation) {
  if (scopes.length === 0) return sql<SqlBool>`1 = 1`
  const ending = db
    .selectFrom('cut_offs')
    .select('not_before')
    .where('account_id', '=', values.accountId)
    .where('not_before', '>=', sql<number>`cast(${values.startedAt} as bigint)`)
    .where((eb) => eb.or(scopes.map((scope, index) => eb.and({ scope, subject: values[`subject${index}`] ?? '' }))))
  return sql<SqlBool>`not exists ${ending}`
}

const revoke = prepared(
  (db, { accountId, sid, now, expiresAt }: { accountId: string; sid: string } & Pick<Times, 'now' | 'expiresAt'>) =>
    db
      .insertInto('sessions')
      .values({ account_id: accountId, sid, counter: 0, revoked_at: now, expires_at: expiresAt })
      .onConflict((oc) =>
        oc.columns(['account_id', 'sid']).doUpdateSet({ revoked_at: now }).where('sessions.revoked_at', 'is', null),
      )
      .compile(),
)

const findRow = prepared((db, { accountId, sid }: { accountId: string; sid: string }) =>
  db
    .selectFrom('sessions')
    .select(['counter', 'rotated_at as rotatedAt', 'revoked_at as revokedAt'])
    .where('account_id', '=', accountId)
    .where('sid', '=', sid)
    .compile(),
)
