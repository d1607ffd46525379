import { type JwtKind, timeOfId } from '@hallpass/contracts'
import type { Kysely } from '../kysely.js'
import { inTransaction } from '../row-guard.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'
import { issuedSinceRestore } from './restores.js'
import { countName } from './revocation-counts.js'

/** Identifies a token. Its state is stored under these three values, never under the token's bytes. */
export interface TokenName {
  readonly accountId: string
  readonly kind: JwtKind
  readonly jti: string
}

/** Decisions about single JWTs. */
export function tokenStateQueries({ forAccount }: Scopes) {
  return {
    /**
     * Spends or revokes a token. False if it was already spent or revoked, or was issued before a restore. The insert
     * is the decision.
     */
    async consumeOrRevokeToken(
      token: TokenName,
      state: 'spent' | 'revoked',
      times: { readonly now: number; readonly expiresAt: number },
    ): Promise<boolean> {
      const decide = (db: Kysely<Database>) => decideIn(db, token, state, times)
      // only revocations that the feed names are counted
      if (state === 'spent' || token.kind !== 'bridge') return decide(forAccount(token.accountId))
      return inTransaction(forAccount(token.accountId), async (trx) => {
        if (!(await decide(trx))) return false
        const name = { lifetime: 'bridge', now: times.now, beganAt: timeOfId(token.jti) || 0 } as const
        await countName(trx, token.accountId, name)
        return true
      })
    },

    /** Whether a token was spent or revoked. */
    async isTokenFinal(token: TokenName): Promise<boolean> {
      const row = await forAccount(token.accountId)
        .selectFrom('token_states')
        .select('state')
        .where('account_id', '=', token.accountId)
        .where('kind', '=', token.kind)
        .where('jti', '=', token.jti)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

async function decideIn(
  db: Kysely<Database>,
  token: TokenName,
  state: 'spent' | 'revoked',
  times: { readonly now: number; readonly expiresAt: number },
): Promise<boolean> {
  const result = await db
    .insertInto('token_states')
    .columns(['account_id', 'kind', 'jti', 'state', 'decided_at', 'expires_at'])
    .expression(
      db
        .selectNoFrom((eb) => [
          eb.val(token.accountId).as('account_id'),
          eb.val(token.kind).as('kind'),
          eb.val(token.jti).as('jti'),
          eb.val(state).as('state'),
          eb.cast<number>(eb.val(times.now), 'bigint').as('decided_at'),
          eb.cast<number>(eb.val(times.expiresAt), 'bigint').as('expires_at'),
        ])
        .where(issuedSinceRestore(timeOfId(token.jti))),
    )
    .onConflict((oc) => oc.columns(['account_id', 'kind', 'jti']).doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}
