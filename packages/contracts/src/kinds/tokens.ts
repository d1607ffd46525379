import * as z from 'zod'
import { secretKeyReasons } from '../core/reasons.js'
import { redeemIdempotency } from '../idempotency.js'
import { defineOperation } from '../operation.js'
import { atMost, filledText, jsonObject, sentJsonObject } from '../scalars.js'
import { clientKeyReasons } from '../visitor-refusals.js'
import { KindName } from './declaration.js'

const action = filledText(40)
const kind = KindName.describe('The name of the kind')
const resource = filledText(200)

const MintInput = z.strictObject({
  kind,
  subject: filledText(200).describe('Whom the token is for, by your own id'),
  resource: resource.optional().describe('What the token is for, if the kind has resources'),
  actions: atMost(20, z.array(action))
    .optional()
    .describe('What the token permits; by default, every action of the kind'),
  claims: sentJsonObject.optional().describe('Claims that match the schema of the kind, at most 4 KiB of JSON'),
  ttl_seconds: z
    .int('must be a whole number')
    .min(10, 'must be at least 10')
    .max(86_400, 'must be at most 86400')
    .optional()
    .describe('The lifetime, up to the longest one of the kind; by default, its default one'),
})

const Minted = z.object({
  token: z.string().describe('The token'),
  token_id: z.string().describe('The id of the token, the jti of a JWT. It is not secret'),
  kind: z.string().describe('The name of the kind'),
  expires_in: z.int().describe('The lifetime in seconds'),
  expires_at: z.iso.datetime().describe('When it expires; RFC 3339, UTC'),
  uses: z.int().nullable().describe('How often it can be redeemed; null is any number of times'),
})

const heldToken = z.string().min(1, 'must not be empty')

const PageTokenInput = z.strictObject({
  client_key: filledText().describe('The public identifier, pk_live_… or pk_test_…'),
  kind,
  actions: atMost(20, z.array(action))
    .optional()
    .describe('What the token permits; by default, every action of the kind'),
  session_token: heldToken
    .optional()
    .describe('A live session of the client key, whose visitor is the subject; without it, the subject is a new guest'),
  embed_ticket: heldToken
    .optional()
    .describe('Required without a session if the call comes from a widget origin of the server'),
})

const PageToken = Minted.extend({
  token_type: z.enum(['Bearer', 'DPoP']).describe('DPoP if the token is bound to a key (RFC 9449)'),
  subject: z.string().describe('Whom the token is for: the visitor_id'),
})

const RedeemInput = z.strictObject({
  token: filledText(32_768).describe('The token'),
  kind,
  action: action.optional().describe('What it must permit'),
  resource: resource.optional().describe('What it must be for'),
})

const Redeemed = z.object({
  kind: z.string().describe('The name of the kind'),
  subject: z.string().describe('Whom the token is for'),
  client_key_id: z
    .string()
    .optional()
    .describe('The client key with which a page minted it, so that the subject is a visitor; absent for a backend'),
  resource: z.string().nullable().describe('What the token is for'),
  actions: z.array(z.string()).describe('What the token permits'),
  claims: jsonObject.nullable().describe('The claims that the mint added'),
  uses_left: z.int().nullable().describe('How often it can still be redeemed; null is any number of times'),
  redeemed_at: z.iso.datetime().describe('RFC 3339, UTC'),
})

const keyed = ['state_conflict', 'idempotency_invalid_reuse', 'idempotency_concurrent_use'] as const
const example = { kind: 'report-viewer', subject: 'user_42', resource: 'report_7', actions: ['view'] }
const claims = { rows: ['eu'] }
const exampleToken = 'hpkt_f2cXr1mVJcY0t3xkLw8zZQ5eN4u7pHs9aBdGjKqTyWo'

/** Mints a token of a declared kind. */
export const kindsMint = defineOperation({
  id: 'kinds.mint',
  kind: 'mutation',
  summary: 'Mint a token of a declared kind',
  description:
    'Mints a token of a kind that the account declared with admin.kinds.put. A JWT without a number of uses is only signed; nothing is stored.',
  methods: ['POST'],
  paths: ['/v1/tokens'],
  body: 'json',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'kinds:mint', kindScope: 'mint' },
  mints: 'declared',
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'normal',
  input: MintInput,
  output: Minted,
  dialect: 'code',
  idempotency: redeemIdempotency,
  refusals: [...secretKeyReasons, ...keyed],
  example: {
    input: { ...example, claims },
    output: {
      token: exampleToken,
      token_id: '01a1fd3a-c62d-7ea6-8b6d-a97e08d21893',
      kind: 'report-viewer',
      expires_in: 600,
      expires_at: '2026-11-21T08:10:00.000Z',
      uses: 1,
    },
  },
})

/** Mints a token of a declared kind in a page. */
export const kindsPageToken = defineOperation({
  id: 'kinds.pageToken',
  kind: 'mutation',
  summary: 'Mint a token of a declared kind in a page',
  description:
    'For pages, if the kind has client_key in minted_by. The subject is the visitor: that of the session, or a new guest. A page adds no claims and names no resource, and the token has the default lifetime.',
  methods: ['POST'],
  paths: ['/v1/tokens/page'],
  body: 'json',
  calledFrom: 'page',
  caller: { by: 'client_key' },
  mints: 'declared',
  spends: null,
  maySpend: 'embed-ticket',
  audited: 'never',
  counted: true,
  priority: 'low',
  limit: 'issue',
  required: [['client_key']],
  input: PageTokenInput,
  output: PageToken,
  dialect: 'code',
  refusals: [
    ...clientKeyReasons,
    'invalid_token',
    'invalid_dpop_proof',
    'auth_mode_not_allowed',
    'widget_disabled',
    'not_found',
    'state_conflict',
  ],
  example: {
    input: { client_key: 'pk_test_acme', kind: 'report-viewer', actions: ['view'] },
    output: {
      token: exampleToken,
      token_id: '01a1fd3a-c62d-7ea6-8b6d-a97e08d21893',
      kind: 'report-viewer',
      expires_in: 600,
      expires_at: '2026-11-21T08:10:00.000Z',
      uses: null,
      token_type: 'Bearer',
      subject: '2b6d8a4e-30a7-4b5f-8f43-6f4f0f6d7a55',
    },
  },
})

/** Redeems a token of a declared kind. */
export const kindsRedeem = defineOperation({
  id: 'kinds.redeem',
  kind: 'mutation',
  summary: 'Redeem a token of a declared kind',
  description:
    'Checks a token and, if its kind counts uses, uses it once. Of calls at the same time exactly as many succeed as the token has uses. A token for another resource, or without the action, is not spent.',
  methods: ['POST'],
  paths: ['/v1/tokens/redeem'],
  body: 'json',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'tokens:redeem', kindScope: 'redeem' },
  mints: null,
  spends: 'declared',
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
    'token_wrong_resource',
    'token_action_not_allowed',
    ...keyed.slice(1),
  ],
  example: {
    input: { token: exampleToken, kind: 'report-viewer', action: 'view', resource: 'report_7' },
    output: { ...example, claims, uses_left: 0, redeemed_at: '2026-11-21T08:00:10.000Z' },
  },
})
