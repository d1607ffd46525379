import type { OperationId } from '@hallpass/contracts'
import { acme, live, rival } from '../fixtures/fixture.js'
import { mintBridgeToken, mintCardToken, mintGuest, mintUserToken, revoke } from '../fixtures/mint.js'
import { bearer, type TestServer } from '../servers/in-process-server.js'
import { type ParityCase, set, unknownId, without } from './parity-case.js'

const wrongKind = async (_input: object, server: TestServer) => ({ token: await mintBridgeToken(server) })

/** The cases that only one operation has. */
export const ownCases: { readonly [Id in OperationId]?: readonly ParityCase[] } = {
  'bridge.initialize': [
    { what: 'no customer', expected: 'validation_failed', change: without('customer_id') },
    { what: 'a customer id of the wrong type', expected: 'validation_failed', change: set({ customer_id: 7 }) },
    {
      what: 'a config value that does not exist',
      expected: 'validation_failed',
      change: set({ config: { processing_method: 'fast', x: 1 } }),
    },
    {
      what: 'an external_id that is too long',
      expected: 'validation_failed',
      change: set({ external_id: 'x'.repeat(256) }),
    },
    { what: 'an unknown customer', expected: 'not_found', change: set({ customer_id: unknownId }) },
    { what: "another account's customer", expected: 'not_found', change: set({ customer_id: rival.customer }) },
    { what: 'a rejected customer', expected: 'state_conflict', change: set({ customer_id: acme.rejectedCustomer }) },
    {
      what: 'an Idempotency-Key that is too short',
      expected: 'invalid_header',
      headers: { 'Idempotency-Key': 'short' },
    },
    {
      what: 'a sandbox outcome in production',
      expected: 'refused',
      headers: bearer(live.key),
      change: () => ({ customer_id: live.customer, config: { sandbox_outcome: 'active' } }),
    },
  ],
  'visitor.guest': [
    { what: 'another agent', expected: 'validation_failed', change: set({ agent_id: 'agent_2' }) },
    { what: 'a locale of the wrong type', expected: 'validation_failed', change: set({ locale: 1 }) },
    {
      what: 'too much metadata',
      expected: 'validation_failed',
      change: set({
        metadata: {
          a: 'x'.repeat(1000),
          b: 'x'.repeat(1000),
          c: 'x'.repeat(1000),
          d: 'x'.repeat(1000),
          e: 'x'.repeat(1000),
        },
      }),
    },
    {
      what: 'a client key for users only',
      expected: 'auth_mode_not_allowed',
      change: set({ client_key: acme.userOnly }),
    },
    { what: 'a widget that is disabled', expected: 'widget_disabled', change: set({ client_key: acme.off }) },
    {
      what: 'a disabled client key',
      expected: 'origin_not_allowed',
      change: set({ client_key: acme.disabledClientKey }),
    },
  ],
  'visitor.userToken': [
    { what: 'no user', expected: 'missing_field', change: without('user_id') },
    {
      what: 'the alias of user_id',
      expected: 200,
      change: (input) => ({ ...without('user_id')(input), external_user_id: 'user_42' }),
    },
    { what: 'two aliases that differ', expected: 'validation_failed', change: set({ external_user_id: 'user_43' }) },
    { what: 'an invalid e-mail address', expected: 'validation_failed', change: set({ email: 'ada' }) },
    {
      what: 'a foreign client key',
      expected: 'client_key_not_available',
      change: set({ client_key: rival.clientKey }),
    },
    {
      what: 'an unknown client key',
      expected: 'client_key_not_available',
      change: set({ client_key: 'pk_test_unknown' }),
    },
    {
      what: 'a client key for guests only',
      expected: 'auth_mode_not_allowed',
      change: set({ client_key: acme.guestOnly }),
    },
  ],
  'visitor.exchange': [
    {
      what: 'the alias of token',
      expected: 200,
      change: (input) => ({ user_token: (input as { token: string }).token }),
    },
    { what: 'a token of another kind', expected: 'invalid_token', change: wrongKind },
    { what: 'an invalid session token', expected: 'invalid_token', change: set({ session_token: 'none' }) },
    { what: 'the client key of another page', expected: 'client_key_mismatch', change: set({ client_key: acme.off }) },
    {
      what: 'a guest session to promote',
      expected: 200,
      change: async (input, server) => ({ ...input, session_token: (await mintGuest(server)).token }),
    },
  ],
  'visitor.refresh': [
    {
      what: 'a session token',
      expected: 'invalid_token',
      change: async (_input, server) => ({ refresh_token: (await mintGuest(server)).token }),
    },
    {
      what: 'the refresh token of a revoked session',
      expected: 'invalid_token',
      change: async (input, server) => {
        await revoke(server, (input as { refresh_token: string }).refresh_token)
        return input
      },
    },
  ],
  'visitor.logout': [
    {
      what: 'a session token',
      expected: 'invalid_token',
      change: async (_input, server) => ({ refresh_token: (await mintGuest(server)).token }),
    },
    {
      what: 'a session that has already ended',
      expected: 200,
      change: async (input, server) => {
        await revoke(server, (input as { refresh_token: string }).refresh_token)
        return input
      },
    },
  ],
  'visitor.config': [{ what: 'a widget that is disabled', expected: 200, change: set({ client_key: acme.off }) }],
  'visitor.embedTicket': [
    { what: 'a widget that is disabled', expected: 'widget_disabled', change: set({ client_key: acme.off }) },
  ],
  'kinds.pageToken': [
    { what: 'an unknown kind', expected: 'not_found', change: set({ kind: 'unknown-kind' }) },
    { what: 'another action', expected: 'validation_failed', change: set({ actions: ['delete'] }) },
    { what: 'a subject', expected: 'validation_failed', change: set({ subject: 'user_42' }) },
    { what: 'an invalid session', expected: 'invalid_token', change: set({ session_token: 'x.y.z' }) },
    {
      what: 'a client key for users only',
      expected: 'auth_mode_not_allowed',
      change: set({ client_key: acme.userOnly }),
    },
    { what: 'a widget that is disabled', expected: 'widget_disabled', change: set({ client_key: acme.off }) },
  ],
  'card.widgetToken': [
    { what: 'no type', expected: 'invalid_query_parameter', change: without('widget_type') },
    { what: 'a type that does not exist', expected: 'invalid_query_parameter', change: set({ widget_type: 'SHOW' }) },
    { what: 'a card id that is no UUID', expected: 'invalid_path_parameter', change: set({ card_id: 'card_1' }) },
    { what: 'an unknown card', expected: 'not_found', change: set({ card_id: unknownId }) },
    { what: "another account's card", expected: 'not_found', change: set({ card_id: rival.card }) },
    { what: 'a card in another state', expected: 'state_conflict', change: set({ card_id: acme.newCard }) },
  ],
  'tokens.redeem': [
    { what: 'no type', expected: 'validation_failed', change: without('widget_type') },
    {
      what: "another type than the token's",
      expected: 'token_wrong_widget_type',
      change: set({ widget_type: 'GET_PIN' }),
    },
    { what: 'an unknown token', expected: 'not_found', change: set({ widget_token: unknownId }) },
    { what: "another account's token", expected: 'not_found', headers: bearer(rival.key) },
    {
      what: 'a revoked token',
      expected: 'token_revoked',
      change: async (input, server) => {
        await revoke(server, (input as { widget_token: string }).widget_token)
        return input
      },
    },
    {
      what: 'a spent token',
      expected: 'token_already_used',
      change: async (_input, server) => {
        const spent = { widget_token: await mintCardToken(server), widget_type: 'REVEAL' }
        await server.postAsAcme('/v1/widget_tokens/redeem', spent)
        return spent
      },
    },
  ],
  'tokens.introspect': [
    { what: 'no token', expected: 'malformed_request', change: without('token') },
    { what: 'an empty token', expected: 'malformed_request', change: set({ token: '' }) },
    { what: 'an invalid token', expected: 200, change: set({ token: 'none' }) },
    { what: "another account's token", expected: 200, headers: bearer(rival.key) },
    {
      what: 'a visitor token',
      expected: 200,
      change: async (_input, server) => ({ token: await mintUserToken(server) }),
    },
    {
      what: 'a refresh token',
      expected: 200,
      change: async (_input, server) => ({ token: (await mintGuest(server)).refresh_token }),
    },
    { what: 'a card token', expected: 200, change: async (_input, server) => ({ token: await mintCardToken(server) }) },
  ],
  'tokens.revoke': [
    { what: 'no token', expected: 'malformed_request', change: without('token') },
    { what: 'an invalid token', expected: 200, change: set({ token: 'none' }) },
  ],
  'tokens.identify': [
    { what: 'no text', expected: 'validation_failed', change: without('id_or_secret') },
    { what: 'an unknown id', expected: 200, change: set({ id_or_secret: unknownId }) },
  ],
  'admin.refusals.get': [
    { what: 'an empty request id', expected: 'invalid_path_parameter', change: set({ request_id: '' }) },
    {
      what: 'a request id that is too long',
      expected: 'invalid_path_parameter',
      change: set({ request_id: 'r'.repeat(201) }),
    },
  ],
  'admin.refusals.list': [
    { what: 'a limit of 0', expected: 'invalid_query_parameter', change: set({ limit: 0 }) },
    { what: 'an unknown cursor', expected: 200, change: set({ cursor: '0' }) },
  ],
  'admin.activity.list': [
    { what: 'more hours than are stored', expected: 'invalid_query_parameter', change: set({ hours: 7 }) },
    { what: 'hours in the form of a query', expected: 200, change: set({ hours: '2' }) },
  ],
  'admin.audit.list': [
    { what: 'a limit that is too high', expected: 'invalid_query_parameter', change: set({ limit: 101 }) },
  ],
}
