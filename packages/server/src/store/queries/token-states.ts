import { type JwtKind, timeOfId } from '@hallpass/contracts'
import type { Kysely } from '../kysely.js'
import { changedOne, prepared } from '../prepared.js'
import { inTransaction } from '../row-guard.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'
import { timeSinceRestore } from './restores.js'
import { countName } from './revocation-counts.js'

/** Identifies a token. Its state is stored under these three values, never under the token's bytes. */
export interface TokenName {
  readonly accountId: string
  readonly kind: JwtKind | 'declared'
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
      const { kind } = token
      if (state === 'spent' || (kind !== 'bridge' && kind !== 'declared')) return decide(forAccount(token.accountId))
      return inTransaction(forAccount(token.accountId), async (trx) => {
        if (!(await decide(trx))) return false
        const name = { lifetime: kind, now: times.now, beganAt: timeOfId(token.jti) || 0 } as const
        await countName(trx, token.accountId, name)
        return true
      })
    },

    /**
     * Spends a proof of a key (RFC 9449). False if it was already spent, or was made before a restore. The insert is the
     * decision.
     */
    async spendProof(
      accountId: string,
      jti: string,
      { madeAt, ...times }: { readonly madeAt: number; readonly now: number; readonly expiresAt: number },
    ): Promise<boolean> {
      const row = { accountId, kind: 'dpop', jti, state: 'spent', ...times, beganAt: madeAt } as const
      return changedOne(await insertState(forAccount(accountId), row))
    },

    /**
     * Spends the token of an identity provider. False if it was already spent, or was issued before a restore. The
     * insert is the decision.
     */
    async spendSubjectToken(
      accountId: string,
      name: string,
      { issuedAt, ...times }: { readonly issuedAt: number; readonly now: number; readonly expiresAt: number },
    ): Promise<boolean> {
      const row = { accountId, kind: 'subject', jti: name, state: 'spent', ...times, beganAt: issuedAt } as const
      return changedOne(await insertState(forAccount(accountId), row))
    },

    /** Whether a token was spent or revoked. */
    async isTokenFinal(token: TokenName): Promise<boolean> {
      const { accountId, kind, jti } = token
      return (await findState(forAccount(accountId), { accountId, kind, jti })).rows.length > 0
    },
  }
}

async function decideIn(
  db: Kysely<Database>,
  token: TokenName,
  state: 'spent' | 'revoked',
  times: { readonly now: number; readonly expiresAt: number },
): Promise<boolean> {
  const { accountId, kind, jti } = token
  return changedOne(await insertState(db, { accountId, kind, jti, state, ...times, beganAt: timeOfId(jti) || 0 }))
}

type Name = { accountId: string; kind: TokenName['kind']; jti: string }

const findState = prepared((db, { accountId, kind, jti }: Name) =>
  db
    .selectFrom('token_states')
    .select('state')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('jti', '=', jti)
    .compile(),
)

type Decision = Omit<Name, 'kind'> & {
  kind: TokenName['kind'] | 'dpop' | 'subject'
  state: 'spent' | 'revoked'
  now: number
  expiresAt: number
  beganAt: number
}

const insertState = prepared((db, { accountId, kind, jti, state, now, expiresAt, beganAt }: Decision) =>
  db
    .insertInto('token_states')
    .columns(['account_id', 'kind', 'jti', 'state', 'decided_at', 'expires_at'])
    .expression(
      db
        .selectNoFrom((eb) => [
          eb.val(accountId).as('account_id'),
          eb.val(kind).as('kind'),
          eb.val(jti).as('jti'),
          eb.val(state).as('state'),
          eb.cast<number>(eb.val(now), 'bigint').as('decided_at'),
          eb.cast<number>(eb.val(expiresAt), 'bigint').as('expires_at'),
        ])
        .where(timeSinceRestore(beganAt)),
    )
    .onConflict((oc) => oc.columns(['account_id', 'kind', 'jti']).doNothing())
    .compile(),
)
