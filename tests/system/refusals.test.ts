import type { Refusal } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import {
  cardPath,
  mintBridgeToken,
  mintCardToken,
  mintEmbedTicket,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
} from './support/fixtures/mint.js'
import { askRefusals, requestIdOf } from './support/fixtures/refusals.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })

const hour = 3_600_000
const widgetOrigin = 'https://widgets.example'
const ask = (requestId: string, key?: string) => askRefusals(server, requestId, key)

async function why(refused: Response | Promise<Response>): Promise<Refusal | undefined> {
  const response = await refused
  expect(response.status).toBeGreaterThanOrEqual(400)
  const [refusal, ...others] = await ask(requestIdOf(response))
  expect(others).toEqual([])
  if (refusal) expect(refusal.status).toBe(response.status)
  return refusal
}

const guest = (more: object, headers: HeadersInit = {}) =>
  server.post(paths.guest, { client_key: acme.clientKey, ...more }, headers)

describe('GET /v1/admin/refusals/{request_id}', () => {
  test.each<[what: string, provoke: () => Response | Promise<Response>, shown: Partial<Refusal> | object]>([
    [
      'an origin that is not in the allowlist',
      () => guest({}, { Origin: 'https://attacker.example' }),
      {
        operation: 'visitor.guest',
        reason: 'origin_not_allowed',
        seen: `Origin: https://attacker.example; the allowlist contains ${acme.origin}, *.shop.example, localhost:*`,
        fix: expect.stringContaining('origin_allowlist of client key "pk_test_acme"'),
        client_key_id: expect.any(String),
        api_key_id: null,
      },
    ],
    [
      'a widget origin that the server was not started with',
      async () => guest({ embed_ticket: await mintEmbedTicket(server) }, { Origin: widgetOrigin }),
      {
        reason: 'origin_not_allowed',
        seen: `Origin: ${widgetOrigin}, embedded in ${acme.origin}; ${widgetOrigin} is not one of --widget-origins`,
        fix: expect.stringContaining(`--widget-origins ${widgetOrigin}`),
      },
    ],
    [
      'a former widget origin at an exchange',
      async () => {
        const body = { token: await mintUserToken(server), session_token: (await mintGuest(server)).token }
        return server.post(paths.exchange, body, { Origin: widgetOrigin })
      },
      { reason: 'origin_not_allowed', fix: expect.stringContaining(`--widget-origins ${widgetOrigin}`) },
    ],
    [
      'a former widget origin at a refresh',
      async () => {
        const { refresh_token } = await mintGuest(server)
        return server.post(paths.refresh, { refresh_token }, { Origin: widgetOrigin })
      },
      { reason: 'origin_not_allowed', fix: expect.stringContaining(`--widget-origins ${widgetOrigin}`) },
    ],
    [
      'a forged proof, for which no widget origin is suggested',
      () => guest({ embed_ticket: 'eyJ.made.up' }, { Origin: widgetOrigin }),
      { reason: 'origin_not_allowed', fix: expect.stringContaining('origin_allowlist of client key') },
    ],
    [
      'a visitor token of another client key',
      async () => server.postFromShop(paths.exchange, { token: await mintUserToken(server), client_key: acme.off }),
      { reason: 'client_key_mismatch', seen: "a client_key that differs from the visitor token's" },
    ],
    ['no origin', () => guest({}), { reason: 'origin_not_allowed', seen: 'no Origin header' }],
    ['a sandboxed page', () => guest({}, { Origin: 'null' }), { seen: 'Origin null' }],
    [
      'a disabled client key, with the same response as an unknown one',
      () => server.postFromShop(paths.guest, { client_key: acme.disabledClientKey }),
      { reason: 'origin_not_allowed', seen: 'client key "pk_test_disabled", which is disabled' },
    ],
    [
      'a disabled secret key, with the same response as an unknown one',
      () => server.post(paths.bridge, {}, bearer(acme.disabledKey)),
      { reason: 'unauthenticated', seen: 'secret key "old", which is disabled', api_key_id: expect.any(String) },
    ],
    [
      'a key without the scope',
      () => server.post(paths.bridge, {}, bearer(acme.keyWithoutScopes)),
      {
        reason: 'insufficient_scope',
        rule: 'The secret key must have the scope bridge:write.',
        seen: 'secret key "introspect" with the scopes tokens:introspect',
        fix: expect.stringContaining('--scopes bridge:write'),
      },
    ],
    [
      'a nearly valid value, which is shown, and arbitrary values, which are not',
      () =>
        server.postAsAcme(paths.bridge, {
          customer_id: 'my secret',
          config: { processing_method: 'Inline', sandbox_outcome: 'hunter' },
          colour: 'red',
        }),
      {
        reason: 'validation_failed',
        seen: 'customer_id: a text of 9 characters (must be a UUID); config.processing_method: Inline (must be one of inline, background, skip); config.sandbox_outcome: a text of 6 characters (must be one of standard, active, rejected, review); colour is not a known field',
      },
    ],
    [
      "another account's customer",
      () => server.postAsAcme(paths.bridge, { customer_id: rival.customer }),
      { reason: 'not_found', seen: `customer_id: ${rival.customer.slice(0, 8)}-… (no such customer in this account)` },
    ],
    [
      "an account that the key can't act for",
      () => server.postAsAcme(paths.bridge, {}, { 'Straddle-Account-Id': rival.account }),
      {
        reason: 'not_found',
        seen: `${rival.account.slice(0, 8)}-…`,
        rule: expect.stringContaining('Straddle-Account-Id'),
      },
    ],
    [
      "a card in a state that doesn't allow it",
      () => server.get(cardPath(acme.newCard, 'REVEAL'), bearer(acme.key)),
      { operation: 'card.widgetToken', reason: 'state_conflict', seen: expect.stringContaining('UNACTIVATED') },
    ],
    [
      'a token of another kind',
      async () => server.postFromShop(paths.exchange, { token: await mintBridgeToken(server) }),
      { reason: 'invalid_token', seen: 'a bridge token' },
    ],
    [
      'a visitor token that was used',
      async () => {
        const token = await mintUserToken(server)
        await server.postFromShop(paths.exchange, { token })
        return server.postFromShop(paths.exchange, { token })
      },
      { reason: 'invalid_token', seen: 'a visitor token that was already used or revoked' },
    ],
    [
      'a card token that was spent',
      async () => {
        const body = { widget_token: await mintCardToken(server), widget_type: 'REVEAL' }
        await server.postAsAcme(paths.redeem, body)
        return server.postAsAcme(paths.redeem, body)
      },
      { reason: 'token_already_used', fix: expect.stringContaining('Idempotency-Key') },
    ],
    [
      'too many calls',
      async () => {
        const call = () => server.postFromShop(paths.guest, { client_key: acme.limited })
        for (let i = 0; i < 3; i++) await call()
        return call()
      },
      { reason: 'rate_limited', rule: 'One address with the same client key may make 3 calls in 60 s.' },
    ],
    [
      'a client key of another account, with the same response as an unknown one',
      () => server.postAsAcme(paths.userToken, { client_key: rival.clientKey, user_id: 'u' }),
      { reason: 'client_key_not_available', seen: rival.clientKey },
    ],
  ])('shows the cause: %s', async (_what, provoke, shown) => {
    expect(await why(provoke())).toMatchObject(shown)
  })

  test('shows that a visitor token has expired, to the account that it belongs to', async () => {
    const token = await mintUserToken(server)
    server.clock.advance(hour)
    const seen = expect.stringMatching(/^a token that expired at /)
    expect(await why(server.postFromShop(paths.exchange, { token }))).toMatchObject({ reason: 'invalid_token', seen })
  })

  test('distinguishes a reused refresh token from one of an ended session', async () => {
    const { refresh_token } = await mintGuest(server)
    await refresh(server, refresh_token)
    server.clock.advance(11_000)
    const seen = async () => (await why(refresh(server, refresh_token)))?.seen
    expect(await seen()).toBe('a refresh token that was already used, so its session was ended')
    expect(await seen()).toBe('a refresh token of a session that was ended')
  })

  test('accepts any Request-Id that the caller sent, and lists the latest first', async () => {
    const headers = { 'Request-Id': 'order 7/ä?', Origin: acme.origin }
    await guest({ agent_id: 'other' }, headers)
    server.clock.advance(1)
    await guest({ client_key: acme.userOnly }, headers)
    expect((await ask('order 7/ä?')).map(({ reason }) => reason)).toEqual([
      'auth_mode_not_allowed',
      'validation_failed',
    ])
  })

  test('is available to any secret key, even one that lacked the scope', async () => {
    const refused = await server.post(paths.bridge, {}, bearer(acme.keyWithoutScopes))
    expect(await ask(requestIdOf(refused), acme.keyWithoutScopes)).toHaveLength(1)
  })

  test('a batch has one entry for each of its refused calls', async () => {
    const refused = await server.postAsAcme('/trpc/bridge.initialize,tokens.redeem?batch=1', { 0: {}, 1: {} })
    const shown = await ask(requestIdOf(refused))
    expect(shown.map(({ operation }) => operation).toSorted()).toEqual(['bridge.initialize', 'tokens.redeem'])
  })

  test('tRPC returns the same id', async () => {
    const refused = await server.trpc('bridge.initialize', {}, bearer(acme.key))
    const { request_id } = (await refused.json()).error.data
    const answer = await server.get(
      `/trpc/admin.refusals.get?input=${encodeURIComponent(JSON.stringify({ request_id }))}`,
      bearer(acme.key),
    )
    expect((await answer.json()).result.data.data).toMatchObject([{ request_id, operation: 'bridge.initialize' }])
  })

  test('200 without an entry for an accepted or unknown request', async () => {
    const fine = await server.postAsAcme(paths.bridge, { customer_id: acme.customer })
    expect(await ask(requestIdOf(fine))).toEqual([])
    expect(await ask('nothing')).toEqual([])
  })

  test('refusals of another account or of none look like unknown ones', async () => {
    const ours = await server.postAsAcme(paths.bridge, {})
    expect(await ask(requestIdOf(ours), rival.key)).toEqual([])
    for (const headers of [bearer('sk_test_unknown'), {}]) {
      const unattributed = await server.post(paths.bridge, {}, headers)
      expect(await ask(requestIdOf(unattributed))).toEqual([])
    }
    const altered = `${(await mintUserToken(server)).slice(0, -8)}AAAAAAAA`
    expect(await ask(requestIdOf(await server.postFromShop(paths.exchange, { token: altered })))).toEqual([])
  })

  test('401 without a key', async () => {
    expect((await server.get('/v1/admin/refusals/nothing')).status).toBe(401)
  })
})
