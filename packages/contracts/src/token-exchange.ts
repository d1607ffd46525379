import * as z from 'zod'
import { tokenExchangePath } from './core/widget-auth-path.js'
import { defineOperation } from './operation.js'
import { filledText } from './scalars.js'
import { clientKeyReasons } from './visitor-refusals.js'
import { WidgetSession } from './visitor-schemas.js'

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const jwt = 'urn:ietf:params:oauth:token-type:jwt'
/** The type of a session JWT as an access token (RFC 8693 section 3). */
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const idToken = 'urn:ietf:params:oauth:token-type:id_token'

const token = z.string().min(1, 'must not be empty')

/** RFC 8693 section 2.1. Unknown fields are ignored (RFC 6749 section 3.2). */
const TokenExchangeInput = z
  .object({
    grant_type: z.literal(grantType).describe('Always the grant type of RFC 8693'),
    client_id: filledText().describe('The client key, pk_live_… or pk_test_…'),
    subject_token: token.describe('A JWT of an issuer that the client key trusts'),
    subject_token_type: z.enum([jwt, idToken, accessTokenType]).describe('The type of subject_token; has no effect'),
    actor_token: token.optional().describe('A live guest session to promote; it keeps its visitor_id'),
    actor_token_type: z.enum([jwt, accessTokenType]).optional().describe('Required with actor_token'),
    requested_token_type: z.enum([jwt, accessTokenType]).optional().describe('Accepted but ignored'),
    embed_ticket: token.optional().describe('Required if the call comes from a widget origin of the server'),
  })
  .superRefine(({ actor_token, actor_token_type }, ctx) => {
    if ((actor_token === undefined) === (actor_token_type === undefined)) return
    ctx.addIssue({
      code: 'custom',
      path: ['actor_token_type'],
      message: 'must be sent with actor_token, and only then',
    })
  })

/** RFC 8693 section 2.2.1, with the fields of a session that pages know. */
const TokenExchangeOutput = WidgetSession.omit({ token: true }).extend({
  access_token: z.string().describe('Session JWT'),
  issued_token_type: z.literal(accessTokenType).describe('The type of access_token'),
})

const userExample = { id: 'https://login.example.com|42', display_name: 'Ada Lovelace' }

export const visitorTokenExchange = defineOperation({
  id: 'visitor.tokenExchange',
  // a mutation, so that no transport sends the token in a URL
  kind: 'mutation',
  summary: "Exchange a token of the customer's identity provider for a session",
  description:
    'Token exchange (RFC 8693) for a page: a JWT of an issuer in `trusted_issuers` of the client key becomes a session of its user. Each JWT works once. If a guest session is sent as `actor_token`, it is promoted and keeps its visitor_id.',
  methods: ['POST'],
  paths: [tokenExchangePath],
  body: 'form',
  calledFrom: 'page',
  caller: { by: 'client_key' },
  mints: 'widget-session',
  spends: null,
  maySpend: 'embed-ticket',
  audited: 'never',
  counted: true,
  priority: 'normal',
  limit: 'issue',
  required: [['client_id'], ['grant_type'], ['subject_token'], ['subject_token_type']],
  input: TokenExchangeInput,
  output: TokenExchangeOutput,
  dialect: 'oauth',
  refusals: [
    ...clientKeyReasons.filter((reason) => reason !== 'validation_failed'),
    'invalid_token',
    'client_key_mismatch',
    'invalid_dpop_proof',
    'auth_mode_not_allowed',
    'widget_disabled',
  ],
  example: {
    input: {
      grant_type: grantType,
      client_id: 'pk_test_acme',
      subject_token: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiI0MiJ9.sig',
      subject_token_type: idToken,
    },
    output: {
      access_token: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIuLi4ifQ.sig',
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: 900,
      expires_at: '2019-12-27T18:26:19.000Z',
      refresh_token: 'opaque',
      refresh_expires_in: 86400,
      session_id: '6f0f3c3e-8a35-4a52-9d0c-0d4a7f0f5a11',
      visitor_id: '2b6d8a4e-30a7-4b5f-8f43-6f4f0f6d7a55',
      auth_mode: 'user',
      agent_id: 'agent_1',
      user: userExample,
    },
  },
})
