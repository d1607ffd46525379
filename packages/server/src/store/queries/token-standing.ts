import type { CardStatus, CustomerStatus } from '@hallpass/contracts'
import { sql } from '../kysely.js'
import { type Prepared, prepared } from '../prepared.js'
import type { Scopes } from '../scope.js'
import { type CardTokenRow, issuedSinceCutoffs } from './card-tokens.js'
import { type Cutoff, onceForScopes, selectLatest, subjectsOf } from './cutoffs.js'
import { issuedSinceRestore } from './restores.js'
import type { TokenName } from './token-states.js'

/** Everything that decides whether a session token is active. Times in milliseconds. */
export interface SessionStanding {
  /** Whether the token itself was revoked. */
  readonly isFinal: boolean
  /** When its session was revoked. */
  readonly revokedAt: number | null
  /** The latest of the cutoffs and the restores. */
  readonly notBefore: number | null
}

/** Everything that decides whether a card token is active. */
export interface CardTokenStanding extends CardTokenRow {
  /** Null if the card or its customer no longer exists. */
  readonly status: CardStatus | null
  readonly customerStatus: CustomerStatus | null
  /** Whether a cutoff or a restore ended it. */
  readonly isEnded: boolean
}

/**
 * What introspection reads of a token, in one statement. Three of them took a third of a call on PostgreSQL, and one
 * also sees a single moment.
 */
export function tokenStandingQueries({ forAccount }: Scopes) {
  return {
    async findSessionStanding(
      { accountId, kind, jti }: TokenName,
      sid: string,
      cutoffs: readonly Cutoff[],
    ): Promise<SessionStanding> {
      const statement = sessionStandingOf(cutoffs.map(({ scope }) => scope))
      const values = { ...subjectsOf(cutoffs), accountId, kind, jti, sid }
      const [row] = (await statement(forAccount(accountId), values)).rows
      return {
        isFinal: (row?.state ?? null) !== null,
        revokedAt: row?.revokedAt ?? null,
        notBefore: row?.notBefore ?? null,
      }
    },

    async findCardTokenStanding(accountId: string, tokenHash: string): Promise<CardTokenStanding | undefined> {
      const [row] = (await findCardStanding(forAccount(accountId), { accountId, tokenHash })).rows
      return row && { ...row, isEnded: row.isEnded === 1 }
    },
  }
}

type FindSession = Prepared<
  Record<string, string>,
  { state: string | null; revokedAt: number | null; notBefore: number | null }
>

const sessionStandingOf = onceForScopes(
  (scopes): FindSession =>
    prepared((db, values) => {
      const { accountId = '', kind = '', jti = '', sid = '' } = values
      const state = db
        .selectFrom('token_states')
        .select('state')
        .where('account_id', '=', accountId)
        .where(sql.ref('kind'), '=', kind)
        .where('jti', '=', jti)
      const session = db
        .selectFrom('sessions')
        .select('revoked_at')
        .where('account_id', '=', accountId)
        .where('sid', '=', sid)
      return db
        .selectNoFrom([
          state.as('state'),
          session.as('revokedAt'),
          sql<number | null>`${selectLatest(db, scopes, values)}`.as('notBefore'),
        ])
        .compile()
    }),
)

const findCardStanding = prepared((db, { accountId, tokenHash }: { accountId: string; tokenHash: string }) =>
  db
    .selectFrom('card_tokens')
    .leftJoin('cards', (join) =>
      join.onRef('cards.account_id', '=', 'card_tokens.account_id').onRef('cards.id', '=', 'card_id'),
    )
    .leftJoin('customers', (join) =>
      join.onRef('customers.account_id', '=', 'cards.account_id').onRef('customers.id', '=', 'cards.customer_id'),
    )
    .select(['jti', 'card_id', 'widget_type', 'api_key_id', 'customer_id'])
    .select(['issued_at', 'expires_at', 'redeemed_at', 'revoked_at'])
    .select(['cards.status as status', 'customers.status as customerStatus'])
    .select(({ and, case: when, ref }) =>
      when()
        .when(and([issuedSinceCutoffs, issuedSinceRestore(ref('card_tokens.issued_at'))]))
        .then(sql.lit(0))
        .else(sql.lit(1))
        .end()
        .as('isEnded'),
    )
    .where('card_tokens.account_id', '=', accountId)
    .where('token_hash', '=', tokenHash)
    .compile(),
)
