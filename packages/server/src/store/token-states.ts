import type { JwtKind } from '@hallpass/contracts'
import type { Kysely } from 'kysely'
import type { Database } from './schema.js'

/** Which token: state is kept by this triple, never by the token's bytes. */
export interface TokenName {
  readonly accountId: string
  readonly kind: JwtKind
  readonly jti: string
}

/** Decisions about single JWTs. */
export function tokenStateQueries(db: Kysely<Database>) {
  return {
    /** Spends or revokes a token; false when that was decided before. The insert is the decision. */
    async decideToken(
      token: TokenName,
      state: 'spent' | 'revoked',
      times: { readonly now: number; readonly expiresAt: number },
    ): Promise<boolean> {
      const result = await db
        .insertInto('token_states')
        .values({
          account_id: token.accountId,
          kind: token.kind,
          jti: token.jti,
          state,
          decided_at: times.now,
          expires_at: times.expiresAt,
        })
        .onConflict((oc) => oc.columns(['account_id', 'kind', 'jti']).doNothing())
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },

    /** Whether a token was spent or revoked. */
    async isTokenDecided(token: TokenName): Promise<boolean> {
      const row = await db
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
