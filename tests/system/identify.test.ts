import { beforeAll, describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, mintCardToken } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

const ask = (id_or_secret: string, more: Record<string, string> = {}, key: string = hostKey) =>
  admin.post('identify', { id_or_secret }, key, more)
const identify = async (...call: Parameters<typeof ask>) => (await bodyOf<{ data: object[] }>(await ask(...call))).data

describe('POST /v1/admin/identify', () => {
  test('names a secret key by id or whole secret, even if it is disabled or self-chosen', async () => {
    const { id, secret } = await admin.createKey(['bridge:write'])
    const found = [{ kind: 'api_key', id }]
    expect(await identify(id)).toEqual(found)
    expect(await identify(secret)).toEqual(found)
    await admin.post(`api_keys/${id}/disable`, {})
    expect(await identify(secret)).toEqual(found)
    expect(await identify('My API Key')).toMatchObject([{ kind: 'api_key' }])
    expect(await identify(`${secret.slice(0, -1)}#`)).toEqual([])
    expect(await identify(secret.slice(0, 12))).toEqual([])
  })

  test("reports whether a key is the caller's own", async () => {
    expect(await identify(hostKey)).toMatchObject([{ kind: 'api_key', is_caller: true }])
  })

  test('names client keys, customers, cards and accounts, even by a UUID in upper case', async () => {
    const keys = await admin.listAll<{ id: string; client_key: string }>('client_keys')
    for (const { id, client_key } of keys) {
      expect(await identify(id)).toEqual([{ kind: 'client_key', id }])
      expect(await identify(client_key)).toEqual([{ kind: 'client_key', id }])
    }
    expect(keys.map(({ client_key }) => client_key)).toContain(acme.disabledClientKey)
    expect(await identify(acme.customer.toUpperCase())).toEqual([{ kind: 'customer', id: acme.customer }])
    expect(await identify(acme.activeCard)).toEqual([{ kind: 'card', id: acme.activeCard }])
    expect(await identify(acme.account)).toEqual([{ kind: 'account', id: acme.account }])
    expect(await identify(child.account)).toEqual([{ kind: 'account', id: child.account }])
  })

  test("200 without a match for another account's id and for an unknown one", async () => {
    const foreign = [rival.account, rival.key, rival.clientKey, rival.customer, rival.card, child.customer]
    for (const text of [
      ...foreign,
      child.clientKey,
      await mintCardToken(server),
      'user_42',
      "'; --\n",
      'x'.repeat(1024),
    ]) {
      expect([text, await identify(text)]).toEqual([text, []])
    }
    const actingChild = { 'Straddle-Account-Id': child.account }
    expect(await identify(child.customer, actingChild)).toEqual([{ kind: 'customer', id: child.customer }])
    expect(await identify(acme.customer, actingChild)).toEqual([])
    expect(await identify(acme.account, actingChild)).toEqual([])
  })

  test('403 without the scope admin; 422 for no text; 405 for GET, so it is never in a URL', async () => {
    expect((await ask(acme.customer, {}, acme.keyWithoutScopes)).status).toBe(403)
    expect((await ask('')).status).toBe(422)
    expect((await server.get(`/v1/admin/identify?id_or_secret=${acme.customer}`, bearer(hostKey))).status).toBe(405)
    const query = encodeURIComponent(JSON.stringify({ id_or_secret: acme.customer }))
    expect((await server.get(`/trpc/tokens.identify?input=${query}`, bearer(hostKey))).status).toBe(405)
  })

  test('adds nothing to the history', async () => {
    const before = await admin.history(1)
    await identify(hostKey)
    expect(await admin.history(1)).toEqual(before)
  })
})
