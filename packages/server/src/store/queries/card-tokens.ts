import {
  cardStatusesFor,
  endedCustomerStatuses,
  leewaySeconds,
  unnamedApiKey,
  type WidgetType,
} from '@hallpass/contracts'
import { type Kysely, sql } from '../kysely.js'
import { changedOne, prepared } from '../prepared.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'
import { issuedSinceRestore } from './restores.js'

/** A card widget token as stored: its keyed hash, never the token. Times in milliseconds. */
export interface CardTokenRow {
  readonly jti: string
  readonly card_id: string
  readonly widget_type: WidgetType
  /** The secret key that minted it. Null for a token of an older server. */
  readonly api_key_id: string | null
  /** The current customer of the card. Null if the card no longer exists. */
  readonly customer_id: string | null
  readonly issued_at: number
  readonly expires_at: number
  readonly redeemed_at: number | null
  readonly revoked_at: number | null
}

/** A token issued after this time, in milliseconds, comes from a clock that was ahead, and would live too long. */
export const latestIssue = (now: number): number => now + leewaySeconds * 1000

/** The owner of a card token, for the cutoffs that may have ended it. */
export const ownerOfCardToken = (accountId: string, row: CardTokenRow) => ({
  account_id: accountId,
  card_id: row.card_id,
  customer_id: row.customer_id ?? undefined,
  api_key_id: row.api_key_id ?? unnamedApiKey,
})

/** Decisions about card widget tokens. */
export function cardTokenQueries({ forAccount }: Scopes) {
  return {
    /** Adds a token if the widget can be opened for its card. False if it can't. */
    async insertCardToken(
      accountId: string,
      token: {
        token_hash: string
        jti: string
        card_id: string
        widget_type: WidgetType
        api_key_id: string
        issued_at: number
        expires_at: number
      },
    ): Promise<boolean> {
      return changedOne(await insertToken[token.widget_type](forAccount(accountId), { accountId, ...token }))
    },

    /**
     * Spends an active token of this widget type, if the widget can be opened for its card. Undefined if there is no
     * such token. The update is the decision.
     */
    async redeemCardToken(
      accountId: string,
      tokenHash: string,
      widgetType: WidgetType,
      now: number,
    ): Promise<{ card_id: string; jti: string; redeemed_at: number } | undefined> {
      const values = { accountId, tokenHash, now, latest: latestIssue(now) }
      const [row] = (await redeemToken[widgetType](forAccount(accountId), values)).rows
      return row && { ...row, redeemed_at: now }
    },

    /** Revokes an unspent token. False if there is none. */
    async revokeCardToken(accountId: string, tokenHash: string, now: number): Promise<boolean> {
      return changedOne(await revokeToken(forAccount(accountId), { accountId, tokenHash, now }))
    },

    async findCardToken(accountId: string, tokenHash: string): Promise<CardTokenRow | undefined> {
      return (await findToken(forAccount(accountId), { accountId, tokenHash })).rows[0]
    },
  }
}

/** True for a card token issued after every cutoff of its account, its card, the card's customer and its secret key. */
export const issuedSinceCutoffs = sql<boolean>`not exists (
  select 1 from cut_offs
  where cut_offs.account_id = card_tokens.account_id
    and cut_offs.not_before >= card_tokens.issued_at
    and (
      (cut_offs.scope = 'account' and cut_offs.subject = card_tokens.account_id)
      or (cut_offs.scope = 'card' and cut_offs.subject = card_tokens.card_id)
      or (cut_offs.scope = 'api_key' and cut_offs.subject = coalesce(card_tokens.api_key_id, ${sql.lit(unnamedApiKey)}))
      or (cut_offs.scope = 'customer' and cut_offs.subject = (
        select cards.customer_id from cards
        where cards.account_id = card_tokens.account_id and cards.id = card_tokens.card_id
      ))
    )
)`

/** The account's cards whose widget can be opened now: their status allows it, and their customer is active. */
const openFor = (db: Kysely<Database>, widgetType: WidgetType, accountId: string) =>
  db
    .selectFrom('cards')
    .innerJoin('customers', (join) =>
      join.onRef('customers.account_id', '=', 'cards.account_id').onRef('customers.id', '=', 'cards.customer_id'),
    )
    .where('cards.account_id', '=', accountId)
    .where('cards.status', 'in', cardStatusesFor[widgetType])
    .where('customers.status', 'not in', endedCustomerStatuses)

/** One statement for each type: the statuses that it can be opened in are in the text. */
const forEachType = <T>(statement: (widgetType: WidgetType) => T): Record<WidgetType, T> => ({
  ACTIVATE: statement('ACTIVATE'),
  GET_PIN: statement('GET_PIN'),
  REVEAL: statement('REVEAL'),
  SET_PIN: statement('SET_PIN'),
})

type NewToken = Omit<CardTokenRow, 'customer_id' | 'redeemed_at' | 'revoked_at'> & {
  token_hash: string
  accountId: string
}

const insertToken = forEachType((widgetType) =>
  prepared((db, token: NewToken) =>
    db
      .insertInto('card_tokens')
      .columns(['account_id', 'token_hash', 'jti', 'card_id', 'widget_type', 'api_key_id', 'issued_at', 'expires_at'])
      .expression(
        openFor(db, widgetType, token.accountId)
          .select((eb) => [
            eb.val(token.accountId).as('account_id'),
            eb.val(token.token_hash).as('token_hash'),
            eb.val(token.jti).as('jti'),
            'cards.id as card_id',
            eb.val(token.widget_type).as('widget_type'),
            eb.val(token.api_key_id).as('api_key_id'),
            eb.cast<number>(eb.val(token.issued_at), 'bigint').as('issued_at'),
            eb.cast<number>(eb.val(token.expires_at), 'bigint').as('expires_at'),
          ])
          .where('cards.id', '=', token.card_id),
      )
      .compile(),
  ),
)

type Named = { accountId: string; tokenHash: string }

const named = (db: Kysely<Database>, { accountId, tokenHash }: Named) =>
  db.updateTable('card_tokens').where('account_id', '=', accountId).where('token_hash', '=', tokenHash)

const redeemToken = forEachType((widgetType) =>
  prepared((db, values: Named & { now: number; latest: number }) =>
    named(db, values)
      .set({ redeemed_at: values.now })
      .where('widget_type', '=', widgetType)
      .where('redeemed_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', values.now)
      .where('issued_at', '<=', values.latest)
      .where(issuedSinceCutoffs)
      // only its own card is read: with `in`, SQLite would list all cards of the account
      .where(({ exists }) =>
        exists(
          openFor(db, widgetType, values.accountId)
            .select('cards.id')
            .where('cards.id', '=', sql.ref<string>('card_tokens.card_id')),
        ),
      )
      .where(({ ref }) => issuedSinceRestore(ref('card_tokens.issued_at')))
      .returning(['card_id', 'jti'])
      .compile(),
  ),
)

const revokeToken = prepared((db, values: Named & { now: number }) =>
  named(db, values)
    .set({ revoked_at: values.now })
    .where('redeemed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .compile(),
)

const findToken = prepared((db, { accountId, tokenHash }: Named) =>
  db
    .selectFrom('card_tokens')
    .leftJoin('cards', (join) =>
      join.onRef('cards.account_id', '=', 'card_tokens.account_id').onRef('cards.id', '=', 'card_id'),
    )
    .select(['jti', 'card_id', 'widget_type', 'api_key_id', 'customer_id'])
    .select(['issued_at', 'expires_at', 'redeemed_at', 'revoked_at'])
    .where('card_tokens.account_id', '=', accountId)
    .where('token_hash', '=', tokenHash)
    .compile(),
)
