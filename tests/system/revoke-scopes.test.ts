import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { administer, refusal, type ShownKey } from './support/fixtures/administer.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, cardPath, introspect, mintGuest, paths, refresh } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const otherCustomer = '3f1c0d3a-97f4-4c0e-8f0b-2f7f3f6f9b11'
const otherCard = '4a943c51-e4ff-4e57-9558-08cab6b963d2'
const actingChild = { 'Straddle-Account-Id': child.account }

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
let leaked: { id: string; secret: string }
let other: { id: string; secret: string }
beforeAll(async () => {
  admin = administer(server)
  await bodyOf(await admin.post('customers', { id: otherCustomer }))
  await bodyOf(await admin.post('cards', { id: otherCard, customer_id: otherCustomer, status: 'ACTIVE' }))
  leaked = await admin.createKey(['*'])
  other = await admin.createKey(['*'])
})
// the cutoff also ends what begins in its own millisecond
beforeEach(() => server.clock.advance(1))

const end = async (target: object, more: Record<string, string> = {}) =>
  bodyOf<Record<string, unknown>>(await admin.post('sessions/revoke', target, hostKey, more))
const exchange = (body: object) => server.postFromShop(paths.exchange, body)
async function bytesOf(target: object) {
  const response = await admin.post('sessions/revoke', target)
  return { status: response.status, body: await response.text() }
}

async function bridgeToken(key: string, customer_id: string = acme.customer, more: Record<string, string> = {}) {
  const response = await server.post(paths.bridge, { customer_id }, { ...bearer(key), ...more })
  return (await bodyOf<{ data: { bridge_token: string } }>(response)).data.bridge_token
}
async function cardToken(key: string, card: string = acme.activeCard) {
  const response = await server.get(cardPath(card, 'REVEAL'), bearer(key))
  return (await bodyOf<{ widget_token: string }>(response)).widget_token
}
async function visitorToken(key: string, client_key: string = acme.clientKey, more: Record<string, string> = {}) {
  const response = await server.post(paths.userToken, { client_key, user_id: 'user_42' }, { ...bearer(key), ...more })
  return (await bodyOf<{ token: string }>(response)).token
}
const userSession = async (key: string, more: object = {}) =>
  bodyOf<WidgetSession>(await exchange({ token: await visitorToken(key), ...more }))

/** One of everything that a key mints. */
async function mintAll(key: string) {
  const session = await userSession(key)
  const promoted = await userSession(key, { session_token: (await mintGuest(server)).token })
  const refreshed = await bodyOf<WidgetSession>(await refresh(server, (await userSession(key)).refresh_token))
  return {
    bridge: await bridgeToken(key),
    otherBridge: await bridgeToken(key, otherCustomer),
    visitor: await visitorToken(key),
    session: session.token,
    refreshToken: session.refresh_token,
    promoted: promoted.token,
    refreshed: refreshed.token,
    refreshedToken: refreshed.refresh_token,
    card: await cardToken(key),
    otherCard: await cardToken(key, otherCard),
  }
}
type Minted = Awaited<ReturnType<typeof mintAll>>

const refusedBy: { readonly [Name in keyof Minted]?: (token: string) => Promise<string> } = {
  visitor: async (token) => String((await exchange({ token })).status),
  refreshToken: async (token) => String((await refresh(server, token)).status),
  refreshedToken: async (token) => String((await refresh(server, token)).status),
  card: (token) => redeem(token),
  otherCard: (token) => redeem(token),
}
async function redeem(widget_token: string): Promise<string> {
  const response = await server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
  return response.ok ? '200' : refusal(response)
}

/** Introspects everything, and then calls each token's own endpoint. Returns the names of what has ended. */
async function endedOf(minted: Minted): Promise<string[]> {
  const ask = async (name: keyof Minted, token: string) => {
    const isActive = (await introspect(server, token)).active
    const outcome = await refusedBy[name]?.(token)
    const refused = name.endsWith('ard') ? '422 TOKEN_REVOKED' : '400'
    if (outcome !== undefined) expect(`${name} ${outcome}`).toBe(`${name} ${isActive ? '200' : refused}`)
    return isActive ? [] : [name]
  }
  // the keys of the result of mintAll
  const entries = Object.entries(minted) as [keyof Minted, string][]
  return (await Promise.all(entries.map(([name, token]) => ask(name, token)))).flat()
}

describe('POST /v1/admin/sessions/revoke', () => {
  test("customer_id ends the customer's bridge tokens and the tokens of their cards", async () => {
    const minted = await mintAll(leaked.secret)
    const now = new Date(server.clock.now()).toISOString()
    expect(await end({ customer_id: acme.customer.toUpperCase() })).toEqual({
      revoked_at: now,
      scope: 'customer',
      subject: acme.customer,
      not_before: now,
    })
    expect(await endedOf(minted)).toEqual(['bridge', 'card'])
    server.clock.advance(1)
    expect(await endedOf(await mintAll(leaked.secret))).toEqual([])
  })

  test('card_id ends the tokens of that card only', async () => {
    const minted = await mintAll(leaked.secret)
    expect(await end({ card_id: otherCard })).toMatchObject({ scope: 'card', subject: otherCard })
    expect(await endedOf(minted)).toEqual(['otherCard'])
  })

  test('api_key_id ends what the key minted, but nothing of other keys or guests', async () => {
    const [minted, others, guest] = [await mintAll(leaked.secret), await mintAll(other.secret), await mintGuest(server)]
    const answer = await end({ api_key_id: leaked.id })
    expect(answer).toMatchObject({ scope: 'api_key', subject: leaked.id, key_active: true })
    expect(await endedOf(minted)).toEqual(Object.keys(minted))
    expect(await endedOf(others)).toEqual([])
    expect((await refresh(server, guest.refresh_token)).status).toBe(200)
  })

  test('a key that is not disabled keeps minting; key_active shows that', async () => {
    const key = await admin.createKey(['*'])
    await end({ api_key_id: key.id })
    server.clock.advance(1)
    const token = await bridgeToken(key.secret)
    expect(await introspect(server, token)).toMatchObject({ active: true, api_key_id: key.id })
    await bodyOf(await admin.post(`api_keys/${key.id}/disable`, {}))
    const brief = await admin.createKey(['*'], { expires_in: 60 })
    server.clock.advance(60_000)
    for (const { id } of [key, brief]) expect(await end({ api_key_id: id })).toMatchObject({ key_active: false })
  })

  test('disabling a key with revoke_minted ends what it and its replacements minted', async () => {
    const key = await admin.createKey(['*'])
    const next = await bodyOf<ShownKey>(await admin.post(`api_keys/${key.id}/rotate`, {}))
    const minted = [await mintAll(key.secret), await mintAll(next.secret)] as const
    const others = await mintAll(other.secret)
    const disable = (body: object) => admin.post(`api_keys/${key.id}/disable`, { revoke_minted: true, ...body })
    const one = await bodyOf<{ not_before: string }>(await disable({}))
    expect(one).toMatchObject({ disabled: true, disabled_successor_ids: [], active_successor_id: next.id })
    expect(one.not_before).toBe(new Date(server.clock.now()).toISOString())
    expect(await endedOf(minted[0])).toEqual(Object.keys(minted[0]))
    await disable({ include_successors: true })
    const again = await mintAll(other.secret)
    expect(await endedOf(again)).toEqual([])
    expect(await introspect(server, minted[1].bridge)).toEqual({ active: false })
    expect(await introspect(server, others.bridge)).toMatchObject({ active: true })
  })

  test('a refused request with revoke_minted ends nothing', async () => {
    const token = await bridgeToken(hostKey)
    const strong = await admin.createKey(['admin'])
    const response = await server.post(
      `/v1/admin/api_keys/${leaked.id}/disable`,
      { revoke_minted: true },
      bearer(strong.secret),
    )
    expect(await refusal(response)).toBe('403 FORBIDDEN')
    expect(await introspect(server, token)).toMatchObject({ active: true })
  })

  test('api_key_id also ends what the key minted for a child account, online', async () => {
    const bridge = await bridgeToken(leaked.secret, child.customer, actingChild)
    const byOther = await bridgeToken(other.secret, child.customer, actingChild)
    const visitor = await visitorToken(leaked.secret, child.clientKey, actingChild)
    expect(decodeJwt(bridge)).toMatchObject({ account_id: child.account, api_key_id: leaked.id })
    await end({ api_key_id: leaked.id })
    const isActive = async (token: string) =>
      (await bodyOf<{ active: boolean }>(await server.postForm(paths.introspect, { token }, actingChild))).active
    expect([await isActive(bridge), await isActive(visitor), await isActive(byOther)]).toEqual([false, false, true])
    expect((await exchange({ token: visitor })).status).toBe(400)
  })

  test('account alone leaves child accounts; with children it ends and counts them', async () => {
    const kid = await mintGuest(server, child.clientKey)
    const outsider = await mintGuest(server, rival.clientKey)
    expect(await end({ account: true })).not.toHaveProperty('accounts_ended')
    const next = await bodyOf<WidgetSession>(await refresh(server, kid.refresh_token))
    server.clock.advance(1)
    expect(await end({ account: true, children: true })).toMatchObject({
      scope: 'account',
      subject: acme.account,
      accounts_ended: 2,
    })
    expect((await refresh(server, next.refresh_token)).status).toBe(400)
    expect((await refresh(server, outsider.refresh_token)).status).toBe(200)
  })

  test('the histories of the account and of each child show who ended what', async () => {
    for (const what of [{ account: true, children: true }, { api_key_id: leaked.id }, { customer_id: acme.customer }]) {
      await end(what)
      server.clock.advance(1)
    }
    const entriesOf = async (more: Record<string, string> = {}) =>
      (await admin.history(4, hostKey, more)).filter(({ operation }) => operation === 'admin.sessions.revoke')
    expect((await entriesOf()).slice(0, 3).map(({ changes }) => changes)).toEqual([
      { customer_id: acme.customer },
      { api_key_id: leaked.id },
      { account: true, children: true },
    ])
    const [newest] = await entriesOf(actingChild)
    expect(newest).toMatchObject({ changes: { account: true }, api_key_account_id: acme.account })
  })

  test.each([
    ['customer_id', rival.customer, 'a1f1c0d3-97f4-4c0e-8f0b-2f7f3f6f9b11'],
    ['card_id', rival.card, 'a1f1c0d3-97f4-4c0e-8f0b-2f7f3f6f9b12'],
    ['customer_id', child.customer, 'a1f1c0d3-97f4-4c0e-8f0b-2f7f3f6f9b13'],
  ])('404 for a %s of another account, exactly like an unknown one', async (name, foreign, unknown) => {
    const first = await bytesOf({ [name]: foreign })
    expect(first).toMatchObject({ status: 404 })
    expect(first).toEqual(await bytesOf({ [name]: unknown }))
  })

  test('404 for a secret key of another account, whose tokens stay valid', async () => {
    const keys = await bodyOf<{ data: { id: string }[] }>(await admin.get('api_keys', rival.key))
    const foreign = keys.data[0]?.id ?? ''
    const minted = await bridgeToken(rival.key, rival.customer)
    const refused = await bytesOf({ api_key_id: foreign })
    expect(refused).toMatchObject({ status: 404 })
    expect(refused).toEqual(await bytesOf({ api_key_id: 'unknown' }))
    const active = await server.postForm(paths.introspect, { token: minted }, bearer(rival.key))
    expect(await bodyOf(active)).toMatchObject({ active: true })
  })

  test('422 for the secret itself as api_key_id, which the response does not repeat', async () => {
    const { status, body } = await bytesOf({ api_key_id: leaked.secret })
    expect([status, body]).toEqual([422, expect.stringMatching(/never the secret itself/)])
    expect(body).not.toContain(leaked.secret)
  })

  test('works the same over tRPC', async () => {
    const minted = await mintAll(leaked.secret)
    const response = await server.trpc('admin.sessions.revoke', { api_key_id: leaked.id }, bearer(hostKey))
    expect(await bodyOf(response)).toMatchObject({ result: { data: { scope: 'api_key', key_active: true } } })
    expect(await endedOf(minted)).toEqual(Object.keys(minted))
  })
})
