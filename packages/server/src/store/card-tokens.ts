import { cardStatusesFor, leewaySeconds, type WidgetType } from '@hallpass/contracts'
import { issuedSinceRestore } from './restores.js'
import type { Scopes } from './scope.js'

/** A card widget token as it is kept: its keyed hash, never the token. Times in milliseconds. */
export interface CardTokenRow {
  readonly jti: string
  readonly card_id: string
  readonly widget_type: WidgetType
  readonly issued_at: number
  readonly expires_at: number
  readonly redeemed_at: number | null
  readonly revoked_at: number | null
}

/** A token issued after this time, in milliseconds, is from a clock that was ahead, and would live too long. */
export const latestIssue = (now: number): number => now + leewaySeconds * 1000

/** Decisions about card widget tokens. */
export function cardTokenQueries({ of }: Scopes) {
  const named = (accountId: string, tokenHash: string) =>
    of(accountId).updateTable('card_tokens').where('account_id', '=', accountId).where('token_hash', '=', tokenHash)

  return {
    async insertCardToken(
      accountId: string,
      token: {
        token_hash: string
        jti: string
        card_id: string
        widget_type: WidgetType
        issued_at: number
        expires_at: number
      },
    ): Promise<void> {
      await of(accountId)
        .insertInto('card_tokens')
        .values({ account_id: accountId, ...token, redeemed_at: null, revoked_at: null })
        .execute()
    },

    /**
     * Spends a live token of this widget type, if its card has a status that the widget works with; undefined when there
     * is nothing to spend. The update is the decision.
     */
    async redeemCardToken(
      accountId: string,
      tokenHash: string,
      widgetType: WidgetType,
      now: number,
    ): Promise<{ card_id: string; redeemed_at: number } | undefined> {
      const row = await named(accountId, tokenHash)
        .set({ redeemed_at: now })
        .where('widget_type', '=', widgetType)
        .where('redeemed_at', 'is', null)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .where('issued_at', '<=', latestIssue(now))
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('cut_offs')
                .select('not_before')
                .where('cut_offs.account_id', '=', accountId)
                .where('scope', '=', 'account')
                .whereRef('not_before', '>=', 'card_tokens.issued_at'),
            ),
          ),
        )
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('cards')
              .select('cards.id')
              .where('cards.account_id', '=', accountId)
              .whereRef('cards.id', '=', 'card_tokens.card_id')
              .where('cards.status', 'in', cardStatusesFor[widgetType]),
          ),
        )
        .where(({ ref }) => issuedSinceRestore(ref('card_tokens.issued_at')))
        .returning(['card_id'])
        .executeTakeFirst()
      return row && { card_id: row.card_id, redeemed_at: now }
    },

    /** Revokes an unspent token; false when there was none. */
    async revokeCardToken(accountId: string, tokenHash: string, now: number): Promise<boolean> {
      const result = await named(accountId, tokenHash)
        .set({ revoked_at: now })
        .where('redeemed_at', 'is', null)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    async findCardToken(accountId: string, tokenHash: string): Promise<CardTokenRow | undefined> {
      return of(accountId)
        .selectFrom('card_tokens')
        .select(['jti', 'card_id', 'widget_type', 'issued_at', 'expires_at', 'redeemed_at', 'revoked_at'])
        .where('account_id', '=', accountId)
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst()
    },
  }
}
