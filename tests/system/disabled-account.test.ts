import { createVerifier } from '@hallpass/client/verify'
import type { Operations, OutputOf, WidgetSession } from '@hallpass/contracts'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { administer, refusal } from './support/fixtures/administer.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, cardPath, paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

type Account = OutputOf<Operations['admin.accounts.update']>

const server = withServer({ fixture: fixtureWithHost })
const forChild = { 'Straddle-Account-Id': child.account }
const card = '5b6c7d8e-9f0a-4b1c-8d2e-3f4a5b6c7d8e'
let admin: ReturnType<typeof administer>
let childKey: string

const update = (body: object, id: string = child.account) => admin.post(`accounts/${id}`, body)
const change = async (body: object, id?: string) => bodyOf<Account>(await update(body, id))
const asChild = () => bearer(childKey)
const fromShop = (path: string, body: object) => server.postFromShop(path, body)
const bridge = () => server.post(paths.bridge, { customer_id: child.customer }, asChild())
const guest = () => fromShop(paths.guest, { client_key: child.clientKey })
const userToken = () => server.post(paths.userToken, { client_key: child.clientKey, user_id: 'u' }, asChild())
const cardToken = () => server.get(cardPath(card, 'REVEAL'), asChild())
const redeem = (widget_token: string, headers: Record<string, string>) =>
  server.post(paths.redeem, { widget_token, widget_type: 'REVEAL' }, headers)
const introspectForChild = async (token: string) =>
  bodyOf<{ active: boolean }>(await server.postForm(paths.introspect, { token }, forChild))

beforeAll(async () => {
  admin = administer(server)
  childKey = (await bodyOf<{ secret: string }>(await admin.post('api_keys', { scopes: ['*'] }, undefined, forChild)))
    .secret
  await bodyOf(
    await admin.post('cards', { id: card, customer_id: child.customer, status: 'ACTIVE' }, undefined, forChild),
  )
})
beforeEach(async () => {
  server.clock.advance(11_000)
  await change({ disabled: false })
  server.clock.advance(1_000)
})

/** The latest cutoff of the child account that its feed shows, in milliseconds. */
async function cutoffInFeed(): Promise<number> {
  const feed = await (await server.get(`/.well-known/revocations/${child.account}`)).text()
  const claims = JSON.parse(Buffer.from(feed.split('.')[1] ?? '', 'base64url').toString())
  return Math.max(...Object.values<number>(claims.cut_offs.account))
}

/** One token of each kind of the child account. */
async function mintAll() {
  const session = await bodyOf<WidgetSession>(await guest())
  return {
    session,
    bridge: (await bodyOf<{ data: { bridge_token: string } }>(await bridge())).data.bridge_token,
    visitor: (await bodyOf<{ token: string }>(await userToken())).token,
    card: (await bodyOf<{ widget_token: string }>(await cardToken())).widget_token,
  }
}

describe('a disabled account', () => {
  test('403 account_disabled for its secret key, in every dialect, for reads too', async () => {
    await change({ disabled: true })
    const statuses = await Promise.all(
      [bridge(), cardToken(), userToken(), redeem('x', asChild()), server.get('/v1/admin/caller', asChild())].map(
        async (call) => (await call).status,
      ),
    )
    expect(statuses).toEqual([403, 403, 403, 403, 403])
    expect(await refusal(await server.get('/v1/admin/caller', asChild()))).toBe('403 ACCOUNT_DISABLED')
    const { error } = JSON.parse(await (await bridge()).text())
    const detail = 'The account is disabled. Its parent account, or the operator of the server, can enable it.'
    expect(error).toMatchObject({ status: 403, detail })
    expect((await userToken()).headers.get('x-error-reason')).toBe('account_disabled')
    const oauth = await server.postForm(paths.introspect, { token: 'x' }, asChild())
    expect([oauth.status, oauth.headers.get('www-authenticate')]).toEqual([403, null])
  })

  test('403 for its client key, like an unknown one; its refusal names the account', async () => {
    await change({ disabled: true })
    const response = await guest()
    const unknown = await fromShop(paths.guest, { client_key: 'pk_test_unknown' })
    expect([response.status, await response.text()]).toEqual([unknown.status, await unknown.text()])
    const [kept] = (
      await bodyOf<{ data: { seen: string }[] }>(
        await admin.get(`refusals/${response.headers.get('request-id')}`, undefined, forChild),
      )
    ).data
    expect(kept?.seen).toContain('of an account that is disabled')
  })

  test('its tokens and sessions are refused at introspection, redeem, refresh and exchange', async () => {
    const minted = await mintAll()
    const tokens = [minted.session.token, minted.session.refresh_token, minted.bridge, minted.visitor, minted.card]
    for (const token of tokens) expect(await introspectForChild(token)).toMatchObject({ active: true })
    await change({ disabled: true })
    for (const token of tokens) expect(await introspectForChild(token)).toEqual({ active: false })
    expect((await fromShop(paths.refresh, { refresh_token: minted.session.refresh_token })).status).toBe(403)
    expect((await fromShop(paths.exchange, { token: minted.visitor })).status).toBe(403)
    expect((await redeem(minted.card, asChild())).status).toBe(403)
  })

  test('a parent that acts for it can administer and revoke, but not mint or spend', async () => {
    const minted = await mintAll()
    await change({ disabled: true })
    const asParent = { ...bearer(acme.key), ...forChild }
    expect((await server.post(paths.bridge, { customer_id: child.customer }, asParent)).status).toBe(403)
    expect((await redeem(minted.card, asParent)).status).toBe(403)
    expect((await admin.get('customers', undefined, forChild)).status).toBe(200)
    expect((await admin.post('sessions/revoke', { account: true }, undefined, forChild)).status).toBe(200)
  })

  test('offline verifiers refuse its tokens, also one from a replica that had not heard of it yet', async () => {
    const minted = await mintAll()
    await change({ disabled: true })
    const options = { issuer: server.url, account: child.account, now: server.clock.now }
    const bridges = createVerifier({ ...options, kind: 'bridge' })
    const sessions = createVerifier({ ...options, kind: 'widget-session' })
    expect(await bridges.verify(minted.bridge)).toMatchObject({ ok: false, reason: 'revoked' })
    expect(await sessions.verify(minted.session.token)).toMatchObject({ ok: false, reason: 'revoked' })
    expect((await cutoffInFeed()) - server.clock.now()).toBeGreaterThanOrEqual(9_000)
  })

  test('enabled again, it mints, and nothing from before or from meanwhile comes back', async () => {
    const before = await mintAll()
    await change({ disabled: true })
    server.clock.advance(60_000)
    expect(await change({ disabled: false })).toMatchObject({ disabled: false })
    expect(await cutoffInFeed()).toBeGreaterThanOrEqual(server.clock.now())
    server.clock.advance(1)
    for (const token of [
      before.session.token,
      before.session.refresh_token,
      before.bridge,
      before.visitor,
      before.card,
    ]) {
      expect(await introspectForChild(token)).toEqual({ active: false })
    }
    expect((await fromShop(paths.refresh, { refresh_token: before.session.refresh_token })).status).toBe(400)
    expect((await redeem(before.card, asChild())).status).toBe(422)
    const after = await mintAll()
    expect(await introspectForChild(after.session.token)).toMatchObject({ active: true })
    expect((await redeem(after.card, asChild())).status).toBe(200)
  })
})

describe('POST /v1/admin/accounts/{account_id}', () => {
  test('changes the name and the limits of a child, and accepts its record back', async () => {
    const changed = await change({ name: 'Kids', rate_limit: { requests_per_second_per_key: 7 } })
    expect(changed).toMatchObject({
      name: 'Kids',
      rate_limit: { requests_per_second: 0, requests_per_second_per_key: 7 },
    })
    expect(await change({ ...changed, rate_limit: { requests_per_second_per_key: 0 } })).toEqual({
      ...changed,
      rate_limit: { requests_per_second: 0, requests_per_second_per_key: 0 },
    })
    const listed = await admin.listAll<Account>('accounts')
    expect(listed.find(({ id }) => id === child.account)).toMatchObject({ name: 'Kids', disabled: false })
  })

  test('422 for a field that never changes, and the rest is not changed either', async () => {
    for (const same of [{ tenant: '9_9' }, { environment: 'production' }, { parent_id: null }, { id: acme.account }]) {
      expect(await refusal(await update({ ...same, name: 'Other' }))).toBe('422 INVALID_STATUS')
    }
    expect(await change({})).not.toMatchObject({ name: 'Other' })
  })

  test('a key can rename its own account, but not disable it or raise its limits', async () => {
    expect(await change({ name: 'Acme' }, acme.account)).toMatchObject({ name: 'Acme' })
    expect(await refusal(await update({ disabled: true }, acme.account))).toBe('422 INVALID_STATUS')
    const raised = { rate_limit: { requests_per_second: 100_000 } }
    expect(await refusal(await update(raised, acme.account))).toBe('422 INVALID_STATUS')
  })

  test('404 for another account, for the parent of the own account, and for an unknown one', async () => {
    expect((await update({ disabled: true }, rival.account)).status).toBe(404)
    expect((await server.post(`/v1/admin/accounts/${acme.account}`, { name: 'x' }, asChild())).status).toBe(404)
    expect((await update({ name: 'x' }, '00000000-0000-4000-8000-000000000000')).status).toBe(404)
  })

  test('422 for enabling within 10 seconds; disabling twice changes nothing more', async () => {
    await change({ disabled: true })
    server.clock.advance(9_999)
    expect(await refusal(await update({ disabled: false }))).toBe('422 INVALID_STATUS')
    await change({ disabled: true })
    server.clock.advance(1)
    expect(await change({ disabled: false })).toMatchObject({ disabled: false })
  })

  test('both histories have an entry, with the key of the parent', async () => {
    await change({ disabled: true })
    for (const headers of [{}, forChild]) {
      const [newest] = await admin.history(1, undefined, headers)
      expect(newest).toMatchObject({
        operation: 'admin.accounts.update',
        target_id: child.account,
        changes: { disabled: true },
        api_key_account_id: acme.account,
      })
    }
  })
})
