import { randomUUID } from 'node:crypto'
import { Fixture, type OperationId } from '@hallpass/contracts'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { acme, fixture } from '../fixtures/fixture.js'
import { mintBridgeToken, mintCardToken, mintGuest, mintUserToken } from '../fixtures/mint.js'
import { bearer, type TestServer } from '../servers/in-process-server.js'

/** Secret keys of Acme that only the parity test needs. */
export const parityKeys = {
  /** Every scope, `host` included. */
  all: 'sk_test_parity_all',
  /** One scope, which is also its name. */
  bridgeOnly: 'sk_test_parity_bridge_only',
} as const

/** The usual fixture with these keys. */
export const parityFixture: Fixture = Fixture.parse({
  accounts: fixture.accounts.map((account) =>
    account.id === acme.account
      ? {
          ...account,
          api_keys: [
            ...account.api_keys,
            { secret: parityKeys.all, scopes: ['*', 'host'] },
            { secret: parityKeys.bridgeOnly, scopes: ['bridge:write'] },
          ],
        }
      : account,
  ),
})

type Input = Readonly<Record<string, unknown>>
type MakeInput = (server: TestServer) => Input | Promise<Input>

async function admin<T>(server: TestServer, path: string, body: object): Promise<T> {
  const response = await server.post(path, body, bearer(parityKeys.all))
  if (!response.ok) throw new Error(`${path} returned ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
const newApiKey = (server: TestServer) =>
  admin<{ id: string }>(server, '/v1/admin/api_keys', { name: 'made for this', scopes: ['bridge:write'] })
const webhookSettings = { url: 'https://hooks.example/', event_types: ['*'] }
const clientKeySettings = {
  name: 'site',
  origin_allowlist: [acme.origin],
  agent: { id: 'agent_1', display_name: 'Ada' },
}

const declaration = { name: 'report-viewer', form: 'jwt', ttl_seconds: { default: 60, max: 600 }, actions: ['view'] }
/** Declares a kind, unless that was done before. */
const putKind = (server: TestServer, name: string = declaration.name) =>
  server.trpc('admin.kinds.put', { ...declaration, name }, bearer(parityKeys.all))

const ofPages = { ...declaration, name: 'page-viewer', minted_by: ['client_key'] }

const oneTime = { ...declaration, name: 'one-time', form: 'opaque', uses: 1 }
async function mintKind(server: TestServer): Promise<string> {
  await server.trpc('admin.kinds.put', oneTime, bearer(parityKeys.all))
  return (await admin<{ token: string }>(server, '/v1/tokens', { kind: oneTime.name, subject: 'user_42' })).token
}

/** A valid input of the operation, created for each call, because some can be used only once. */
export const validInputs: { readonly [Id in OperationId]?: MakeInput } = {
  'bridge.initialize': () => ({
    customer_id: acme.customer,
    external_id: 'paykey-1',
    config: { processing_method: 'skip' },
  }),
  'visitor.guest': () => ({ client_key: acme.clientKey, locale: 'en', metadata: { page: '/' } }),
  'visitor.userToken': () => ({
    client_key: acme.clientKey,
    user_id: 'user_42',
    email: 'ada@example.com',
    traits: { plan: 'pro' },
  }),
  'visitor.exchange': async (server) => ({ token: await mintUserToken(server) }),
  'visitor.tokenExchange': tokenOfIssuer,
  'visitor.refresh': async (server) => ({ refresh_token: (await mintGuest(server)).refresh_token }),
  'visitor.logout': async (server) => ({ refresh_token: (await mintGuest(server)).refresh_token }),
  'visitor.config': () => ({ client_key: acme.clientKey }),
  'visitor.embedTicket': () => ({ client_key: acme.clientKey }),
  'card.widgetToken': () => ({ card_id: acme.activeCard, widget_type: 'REVEAL' }),
  'tokens.redeem': async (server) => ({ widget_token: await mintCardToken(server), widget_type: 'REVEAL' }),
  'kinds.mint': async (server) => {
    await putKind(server)
    return { kind: declaration.name, subject: 'user_42' }
  },
  'kinds.pageToken': async (server) => {
    await server.trpc('admin.kinds.put', ofPages, bearer(parityKeys.all))
    return { client_key: acme.clientKey, kind: ofPages.name, actions: ['view'] }
  },
  'kinds.redeem': async (server) => ({ token: await mintKind(server), kind: 'one-time', action: 'view' }),
  'tokens.introspect': async (server) => ({ token: await mintBridgeToken(server) }),
  'tokens.revoke': async (server) => ({ token: await mintBridgeToken(server) }),
  'tokens.identify': () => ({ id_or_secret: acme.clientKey }),
  'admin.caller.get': () => ({}),
  'admin.kinds.put': () => declaration,
  'admin.kinds.get': async (server) => {
    await putKind(server)
    return { name: declaration.name }
  },
  'admin.kinds.list': () => ({ limit: 1 }),
  'admin.kinds.disable': async (server) => {
    await putKind(server, 'ended-kind')
    return { name: 'ended-kind' }
  },
  'admin.accounts.create': () => ({ name: 'Another', tenant: randomUUID() }),
  'admin.accounts.list': () => ({ limit: 1 }),
  'admin.accounts.update': () => ({ account_id: acme.account, name: 'Acme' }),
  'admin.apiKeys.create': () => ({ name: 'new', scopes: ['bridge:write'] }),
  'admin.apiKeys.list': () => ({ limit: 1 }),
  'admin.apiKeys.rotate': async (server) => ({ api_key_id: (await newApiKey(server)).id, overlap_seconds: 60 }),
  'admin.apiKeys.disable': async (server) => ({ api_key_id: (await newApiKey(server)).id }),
  'admin.clientKeys.create': () => clientKeySettings,
  'admin.clientKeys.list': () => ({ limit: 1 }),
  'admin.clientKeys.update': async (server) => {
    const { id } = await admin<{ id: string }>(server, '/v1/admin/client_keys', clientKeySettings)
    return { client_key_id: id, widget_enabled: false }
  },
  'admin.clientKeys.allowOrigin': async (server) => {
    const { id } = await admin<{ id: string }>(server, '/v1/admin/client_keys', clientKeySettings)
    return { client_key_id: id, origin: 'https://new.example' }
  },
  'admin.clientKeys.embedPolicy': async (server) => {
    const { id } = await admin<{ id: string }>(server, '/v1/admin/client_keys', clientKeySettings)
    return { client_key_id: id, origin: acme.origin }
  },
  'admin.clientKeys.try': async (server) => {
    const { id } = await admin<{ id: string }>(server, '/v1/admin/client_keys', clientKeySettings)
    return { client_key_id: id, origin_allowlist: [] }
  },
  'admin.customers.upsert': () => ({ id: randomUUID(), name: 'Ada', status: 'verified' }),
  'admin.customers.get': () => ({ customer_id: acme.customer }),
  'admin.customers.list': () => ({ limit: 1 }),
  'admin.cards.upsert': () => ({ id: randomUUID(), customer_id: acme.customer, status: 'ACTIVE', last_four: '4242' }),
  'admin.cards.get': () => ({ card_id: acme.activeCard }),
  'admin.cards.list': () => ({ limit: 1 }),
  'admin.sessions.revoke': () => ({ user_id: `user_${randomUUID()}` }),
  'admin.signingKeys.list': () => ({}),
  'admin.signingKeys.rotate': () => ({}),
  'admin.signingKeys.revoke': async (server) => {
    const { kid } = await admin<{ kid: string }>(server, '/v1/admin/signing_keys/rotate', {})
    return { kid }
  },
  'admin.webhooks.create': async (server) => {
    // an account has at most ten
    await admin(server, `/v1/admin/webhooks/${(await someWebhook(server)).webhook_id}/delete`, {})
    return webhookSettings
  },
  'admin.webhooks.list': () => ({ limit: 1 }),
  'admin.webhooks.get': someWebhook,
  'admin.webhooks.update': async (server) => ({ ...(await someWebhook(server)), description: 'changed' }),
  'admin.webhooks.rotateSecret': someWebhook,
  'admin.webhooks.delete': someWebhook,
  'admin.webhooks.test': someWebhook,
  'admin.webhooks.deliveries': async (server) => ({ ...(await someWebhook(server)), limit: 1 }),
  'admin.webhooks.replay': someWebhook,
  'admin.refusals.get': () => ({ request_id: 'none' }),
  'admin.refusals.list': () => ({ limit: 1 }),
  'admin.audit.list': () => ({ limit: 1 }),
  'admin.activity.list': () => ({ hours: 1 }),
}

/** The first webhook endpoint, or a new one. */
async function someWebhook(server: TestServer): Promise<{ webhook_id: string }> {
  const response = await server.get('/v1/admin/webhooks', bearer(parityKeys.all))
  if (!response.ok) throw new Error(`listing webhooks returned ${response.status}: ${await response.text()}`)
  const { data } = (await response.json()) as { data: { id: string }[] }
  const id = data[0]?.id ?? (await admin<{ id: string }>(server, '/v1/admin/webhooks', webhookSettings)).id
  return { webhook_id: id }
}

/** A token of an issuer that a new client key trusts by its public key. */
async function tokenOfIssuer(server: TestServer) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const [issuer, audience] = ['https://login.acme.example', 'shop-web']
  const trusted_issuers = [{ issuer, audience, jwks: { keys: [await exportJWK(publicKey)] } }]
  const settings = { ...clientKeySettings, trusted_issuers }
  const { client_key } = await admin<{ client_key: string }>(server, '/v1/admin/client_keys', settings)
  const iat = Math.floor(server.clock.now() / 1000)
  const claims = { iss: issuer, aud: audience, sub: '42', iat, exp: iat + 600, jti: randomUUID() }
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: client_key,
    subject_token: await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(privateKey),
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  }
}
