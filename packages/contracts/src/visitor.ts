import { secretKeyReasons } from './core/reasons.js'
import { visitorPaths } from './core/visitor-paths.js'
import { defineOperation } from './operation.js'
import { clientKeyReasons, missingClientKey, originNotInAllowlist } from './visitor-refusals.js'
import {
  ExchangeInput,
  GuestInput,
  LoggedOut,
  RefreshInput,
  UserToken,
  UserTokenInput,
  WidgetSession,
} from './visitor-schemas.js'

const missingRefreshToken = {
  malformed_request: 'Missing or expired refresh_token',
  missing_field: 'Missing or expired refresh_token',
  invalid_token: 'Missing or expired refresh_token',
} as const
const invalidProof = { invalid_dpop_proof: 'Missing or invalid DPoP proof' } as const

const sessionExample = {
  token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.sig',
  token_type: 'Bearer',
  expires_in: 900,
  expires_at: '2019-12-27T18:26:19.000Z',
  refresh_token: 'opaque',
  refresh_expires_in: 86400,
  session_id: '6f0f3c3e-8a35-4a52-9d0c-0d4a7f0f5a11',
  visitor_id: '2b6d8a4e-30a7-4b5f-8f43-6f4f0f6d7a55',
  auth_mode: 'guest',
  agent_id: 'agent_1',
} as const

export const visitorGuest = defineOperation({
  id: 'visitor.guest',
  kind: 'mutation',
  summary: 'Mint a guest visitor JWT for the embeddable widget',
  description:
    'Cross-origin endpoint called from the widget bootstrap. The caller supplies the client key in the body; the server validates the request Origin against the per-key allowlist before minting. No Authorization header required.',
  methods: ['POST'],
  paths: [visitorPaths['visitor.guest']],
  body: 'json',
  calledFrom: 'page',
  caller: { by: 'client_key' },
  mints: 'widget-session',
  spends: null,
  maySpend: 'embed-ticket',
  audited: 'never',
  counted: true,
  priority: 'low',
  limit: 'issue',
  required: [['client_key']],
  input: GuestInput,
  output: WidgetSession,
  dialect: 'text',
  phrases: { ...missingClientKey, ...originNotInAllowlist, ...invalidProof },
  refusals: [...clientKeyReasons, 'invalid_dpop_proof', 'auth_mode_not_allowed', 'widget_disabled'],
  example: { input: { client_key: 'pk_test_acme' }, output: sessionExample },
})

export const visitorUserToken = defineOperation({
  id: 'visitor.userToken',
  kind: 'mutation',
  summary: 'Mint a logged-in visitor JWT (server-to-server)',
  description:
    "Server-to-server endpoint: the customer's backend authenticates with a secret key and mints a short-lived visitor JWT bound to one user_id. The widget then exchanges it, once, for a session.",
  methods: ['POST'],
  paths: ['/api/v1/widget/auth/user-token'],
  body: 'json',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'visitor:write' },
  mints: 'visitor',
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'normal',
  required: [['client_key'], ['user_id', 'external_user_id']],
  input: UserTokenInput,
  output: UserToken,
  dialect: 'text',
  phrases: {
    malformed_request: 'Missing client_key or user_id',
    missing_field: 'Missing client_key or user_id',
    unauthenticated: 'Missing or invalid API key',
    client_key_not_available: 'client_key is not available to this API key',
  },
  refusals: [
    ...secretKeyReasons,
    'missing_field',
    'origin_not_allowed',
    'client_key_not_available',
    'auth_mode_not_allowed',
    'widget_disabled',
  ],
  example: {
    input: { client_key: 'pk_test_acme', user_id: 'user_42', display_name: 'Ada Lovelace' },
    output: {
      token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.sig',
      user_token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.sig',
      token_type: 'Bearer',
      expires_in: 300,
      expires_at: '2019-12-27T18:16:19.000Z',
    },
  },
})

export const visitorExchange = defineOperation({
  id: 'visitor.exchange',
  kind: 'mutation',
  summary: 'Exchange a server-minted visitor token for a widget session JWT',
  description:
    "The widget bootstrap calls this with the visitor token returned by the customer's backend. This spends the token. If a guest session is sent too, it is promoted and keeps its visitor_id. A token of another client key is refused as client_key_mismatch and is not spent.",
  methods: ['POST'],
  paths: [visitorPaths['visitor.exchange']],
  body: 'json',
  calledFrom: 'page',
  caller: { by: 'visitor_token' },
  mints: 'widget-session',
  spends: 'visitor',
  audited: 'never',
  counted: true,
  priority: 'normal',
  limit: 'holder',
  required: [['token', 'user_token', 'subject_token']],
  input: ExchangeInput,
  output: WidgetSession,
  dialect: 'text',
  phrases: {
    malformed_request: 'Missing or expired token',
    missing_field: 'Missing or expired token',
    invalid_token: 'Missing or expired token',
    client_key_mismatch: 'Missing or expired token',
    ...originNotInAllowlist,
    ...invalidProof,
  },
  refusals: [
    ...clientKeyReasons,
    'invalid_token',
    'client_key_mismatch',
    'invalid_dpop_proof',
    'auth_mode_not_allowed',
    'widget_disabled',
  ],
  example: {
    input: { token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.sig' },
    output: { ...sessionExample, auth_mode: 'user', user: { id: 'user_42', display_name: 'Ada Lovelace' } },
  },
})

export const visitorRefresh = defineOperation({
  id: 'visitor.refresh',
  kind: 'mutation',
  summary: 'Refresh a widget session JWT',
  description:
    'Called before the session JWT expires; returns a new one with the same identity claims and rotates the refresh token. If the previous refresh token is sent again within 10 seconds, it gets the same successor; any other reuse revokes the session.',
  methods: ['POST'],
  paths: [visitorPaths['visitor.refresh']],
  body: 'json',
  calledFrom: 'page',
  caller: { by: 'refresh_token' },
  mints: 'widget-session',
  spends: 'refresh',
  audited: 'never',
  counted: true,
  priority: 'high',
  limit: 'holder',
  required: [['refresh_token']],
  input: RefreshInput,
  output: WidgetSession,
  dialect: 'text',
  phrases: { ...missingRefreshToken, ...originNotInAllowlist, ...invalidProof },
  refusals: [...clientKeyReasons, 'invalid_token', 'invalid_dpop_proof', 'auth_mode_not_allowed', 'widget_disabled'],
  example: { input: { refresh_token: 'opaque' }, output: sessionExample },
})

export const visitorLogout = defineOperation({
  id: 'visitor.logout',
  kind: 'mutation',
  summary: 'End a widget session',
  description:
    'Called by the page when its visitor logs out. Ends the session of the refresh token: all its tokens are refused from then on. Also 200 if it had already ended.',
  methods: ['POST'],
  paths: [visitorPaths['visitor.logout']],
  body: 'json',
  calledFrom: 'page',
  caller: { by: 'refresh_token' },
  mints: null,
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'high',
  limit: 'holder',
  required: [['refresh_token']],
  input: RefreshInput,
  output: LoggedOut,
  dialect: 'text',
  phrases: { ...missingRefreshToken, ...originNotInAllowlist },
  refusals: [...clientKeyReasons, 'invalid_token'],
  example: { input: { refresh_token: 'opaque' }, output: { session_id: sessionExample.session_id } },
})
