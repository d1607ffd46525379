import { timeOfId } from '@hallpass/contracts'
import { changedOne, prepared } from '../prepared.js'
import { inTransaction } from '../row-guard.js'
import type { Scopes } from '../scope.js'
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
     * and it began after every restore. A session that was only minted has the counter 0 and no row yet.
     */
    async rotateSession(
      session: SessionName,
      counter: number,
      times: { now: number; expiresAt: number },
    ): Promise<boolean> {
      const { accountId, sid } = session
      const values = { accountId, sid, counter, next: counter + 1, ...times, beganAt: timeOfId(sid) || 0 }
      return changedOne(await (counter > 0 ? rotateAgain : rotateFirst)(forAccount(accountId), values))
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

type Rotation = {
  accountId: string
  sid: string
  counter: number
  next: number
  now: number
  expiresAt: number
  beganAt: number
}

const rotateAgain = prepared((db, { accountId, sid, counter, next, now, expiresAt, beganAt }: Rotation) =>
  db
    .updateTable('sessions')
    .set({ counter: next, rotated_at: now, expires_at: expiresAt })
    .where('account_id', '=', accountId)
    .where('sid', '=', sid)
    .where('counter', '=', counter)
    .where('revoked_at', 'is', null)
    .where(timeSinceRestore(beganAt))
    .compile(),
)

const rotateFirst = prepared((db, { accountId, sid, next, now, expiresAt, beganAt }: Rotation) =>
  db
    .insertInto('sessions')
    .columns(['account_id', 'sid', 'counter', 'rotated_at', 'expires_at'])
    .expression(
      db
        .selectNoFrom((eb) => [
          eb.val(accountId).as('account_id'),
          eb.val(sid).as('sid'),
          eb.cast<number>(eb.val(next), 'integer').as('counter'),
          eb.cast<number>(eb.val(now), 'bigint').as('rotated_at'),
          eb.cast<number>(eb.val(expiresAt), 'bigint').as('expires_at'),
        ])
        .where(timeSinceRestore(beganAt)),
    )
    .onConflict((oc) => oc.columns(['account_id', 'sid']).doNothing())
    .compile(),
)

const revoke = prepared((db, { accountId, sid, now, expiresAt }: Omit<Rotation, 'counter' | 'next' | 'beganAt'>) =>
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
