import { timeOfId } from '@hallpass/contracts'
import { inTransaction } from '../row-guard.js'
import type { Scopes } from '../scope.js'
import { issuedSinceRestore } from './restores.js'
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
      const next = { counter: counter + 1, rotated_at: times.now, expires_at: times.expiresAt }
      if (counter > 0) {
        const result = await forAccount(session.accountId)
          .updateTable('sessions')
          .set(next)
          .where('account_id', '=', session.accountId)
          .where('sid', '=', session.sid)
          .where('counter', '=', counter)
          .where('revoked_at', 'is', null)
          .where(issuedSinceRestore(timeOfId(session.sid)))
          .executeTakeFirst()
        return result.numUpdatedRows === 1n
      }
      const result = await forAccount(session.accountId)
        .insertInto('sessions')
        .columns(['account_id', 'sid', 'counter', 'rotated_at', 'expires_at'])
        .expression(
          forAccount(session.accountId)
            .selectNoFrom((eb) => [
              eb.val(session.accountId).as('account_id'),
              eb.val(session.sid).as('sid'),
              eb.cast<number>(eb.val(next.counter), 'integer').as('counter'),
              eb.cast<number>(eb.val(next.rotated_at), 'bigint').as('rotated_at'),
              eb.cast<number>(eb.val(times.expiresAt), 'bigint').as('expires_at'),
            ])
            .where(issuedSinceRestore(timeOfId(session.sid))),
        )
        .onConflict((oc) => oc.columns(['account_id', 'sid']).doNothing())
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },

    /** Revokes a session, rotated or not. False if it was already revoked. */
    async revokeSession(session: SessionName, times: { now: number; expiresAt: number }): Promise<boolean> {
      const row = {
        account_id: session.accountId,
        sid: session.sid,
        counter: 0,
        rotated_at: null,
        revoked_at: times.now,
        expires_at: times.expiresAt,
      }
      return inTransaction(forAccount(session.accountId), async (trx) => {
        const write = trx.insertInto('sessions').values(row)
        const { numInsertedOrUpdatedRows } = await write
          .onConflict((oc) =>
            oc
              .columns(['account_id', 'sid'])
              .doUpdateSet({ revoked_at: times.now })
              .where('sessions.revoked_at', 'is', null),
          )
          .executeTakeFirst()
        if (numInsertedOrUpdatedRows !== 1n) return false
        const name = { lifetime: 'session', now: times.now, beganAt: timeOfId(session.sid) || 0 } as const
        await countName(trx, session.accountId, name)
        return true
      })
    },

    async findSession(session: SessionName): Promise<SessionRow | undefined> {
      return forAccount(session.accountId)
        .selectFrom('sessions')
        .select(['counter', 'rotated_at as rotatedAt', 'revoked_at as revokedAt'])
        .where('account_id', '=', session.accountId)
        .where('sid', '=', session.sid)
        .executeTakeFirst()
    },
  }
}
