import * as z from 'zod'
import { WidgetType } from './card.js'
import { secretKeyReasons } from './core/reasons.js'
import { redeemIdempotency } from './idempotency.js'
import { builtInKindNames } from './kinds/built-in-kinds.js'
import { defineOperation } from './operation.js'
import { FeedCutoff } from './revocations.js'
import { filledText } from './scalars.js'

const RedeemInput = z.strictObject({
  widget_token: filledText().describe('The token that the card widget was opened with'),
  widget_type: WidgetType.describe('The widget type that the token must be for'),
})

const Redeemed = z.object({
  tenant: z.string().describe('The tenant label of the account that the card belongs to'),
  card_id: z.string().describe('The card that the token was issued for'),
  widget_type: WidgetType.describe('The widget that the token opens'),
  redeemed_at: z.iso.datetime().describe('RFC 3339, UTC'),
})

export const tokensRedeem = defineOperation({
  id: 'tokens.redeem',
  kind: 'mutation',
  summary: 'Spend a card widget token',
  description:
    'Spends a card widget token. Exactly one call succeeds for each token, and only while the card has a status that the widget allows.',
  methods: ['POST'],
  paths: ['/v1/widget_tokens/redeem'],
  body: 'json',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'tokens:redeem' },
  mints: null,
  spends: 'card',
  audited: 'never',
  counted: true,
  priority: 'high',
  input: RedeemInput,
  output: Redeemed,
  dialect: 'code',
  idempotency: redeemIdempotency,
  refusals: [
    ...secretKeyReasons,
    'token_already_used',
    'token_expired',
    'token_revoked',
    'token_wrong_widget_type',
    'state_conflict',
    'idempotency_invalid_reuse',
    'idempotency_concurrent_use',
  ],
  example: {
    input: { widget_token: '0b0319e2-d5f4-49cb-b426-9ff9b2e96969', widget_type: 'REVEAL' },
    output: {
      tenant: 'abcdef_ghijkl',
      card_id: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
      widget_type: 'REVEAL',
      redeemed_at: '2019-12-27T18:11:19.117Z',
    },
  },
})

/** RFC 7662 and RFC 7009 use the same form. Both require that unknown fields are ignored. */
const TokenFormInput = z.object({
  token: z.string('must be given once').min(1, 'must not be empty').describe('A token of any kind'),
  token_type_hint: z.string('must be given at most once').optional().describe('Accepted but ignored'),
})

/** RFC 9701 section 5. No kind of token has this type. */
export const introspectionTyp = 'token-introspection+jwt'

/** RFC 7662 section 2.2: the claims of an active token, or exactly `{"active":false}`. */
const Introspection = z.union([
  z.strictObject({ active: z.literal(false).describe('Whether the token is valid now') }),
  z.looseObject({
    active: z.literal(true).describe('Whether the token is valid now'),
    token_type: z
      .enum([...builtInKindNames, 'declared'])
      .describe('The kind of token. Of all kinds that accounts declare, it is declared, and `kind` is the name'),
    iss: z.string().describe('Who issued it'),
    aud: z.string().describe('Who it is for'),
    sub: z.string().describe('Whom or what it is about: a visitor, user, customer or card'),
    iat: z.int().describe('When it was issued, in seconds since the epoch'),
    exp: z.int().describe('When it expires, in seconds since the epoch'),
    jti: z.string().describe('The id of the token'),
    account_id: z.string().describe('The account that it belongs to'),
  }),
])

export const tokensIntrospect = defineOperation({
  id: 'tokens.introspect',
  // a mutation, so that no transport sends the token in a URL
  kind: 'mutation',
  summary: 'Check whether a token is active',
  description:
    'Token introspection (RFC 7662) for every kind of token that belongs to the account. An invalid, expired or revoked token returns `{"active":false}`.',
  signedTyp: introspectionTyp,
  methods: ['POST'],
  paths: ['/oauth2/introspect'],
  body: 'form',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'tokens:introspect', basic: true },
  mints: null,
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'high',
  input: TokenFormInput,
  output: Introspection,
  dialect: 'oauth',
  refusals: [...secretKeyReasons.filter((reason) => reason !== 'validation_failed')],
  example: { input: { token: '0b0319e2-d5f4-49cb-b426-9ff9b2e96969' }, output: { active: false } },
})

export const tokensRevoke = defineOperation({
  id: 'tokens.revoke',
  kind: 'mutation',
  summary: 'Revoke a token',
  description:
    'Token revocation (RFC 7009) for every kind of token that belongs to the account. Returns 200 even if the token is invalid or already revoked. A session token or refresh token revokes its session.',
  methods: ['POST'],
  paths: ['/oauth2/revoke'],
  body: 'form',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'tokens:revoke', basic: true },
  mints: null,
  spends: null,
  audited: 'by_handler',
  counted: true,
  priority: 'high',
  input: TokenFormInput,
  output: z.strictObject({ feed_cutoff: FeedCutoff.optional() }),
  dialect: 'oauth',
  refusals: [...secretKeyReasons.filter((reason) => reason !== 'validation_failed')],
  example: { input: { token: '0b0319e2-d5f4-49cb-b426-9ff9b2e96969' }, output: {} },
})
