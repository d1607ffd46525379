import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '@hallpass/contracts'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer, type ShownKey } from './support/fixtures/administer.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, paths } from './support/fixtures/mint.js'
import { assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

const day = 24 * 3_600_000
const actingFor = (account: string) => ({ 'Straddle-Account-Id': account })

async function history(key = hostKey, headers: Record<string, string> = {}): Promise<AuditEntry[]> {
  const changes = await admin.history(100, key, headers)
  return changes.filter(({ operation }) => operation !== 'fixture.import')
}

/** Makes a change and returns the entry that it added. */
async function entryOf(change: () => Promise<Response>): Promise<AuditEntry | undefined> {
  server.clock.advance(1)
  const before = await history()
  const response = await change()
  expect(response.status).toBe(200)
  const added = (await history()).filter(({ id }) => !before.some((entry) => entry.id === id))
  expect(added).toHaveLength(1)
  expect(added[0]?.request_id).toBe(response.headers.get('request-id'))
  return added[0]
}

describe('GET /v1/admin/audit', () => {
  const settings = { name: 'site', origin_allowlist: [acme.origin], agent: { id: 'a', display_name: 'Ada' } }
  const made = async <T>(path: string, body: object) => bodyOf<T>(await admin.post(path, body))

  test.each<[operation: string, change: () => Promise<Response>, expected: object]>([
    [
      'admin.accounts.create',
      () => admin.post('accounts', { name: 'Kid', tenant: '4_4' }),
      { target_id: expect.any(String), changes: { name: 'Kid', tenant: '4_4' } },
    ],
    [
      'admin.accounts.update',
      () => admin.post(`accounts/${acme.account}`, { name: 'Acme Inc.' }),
      { target_id: acme.account, changes: { account_id: acme.account, name: 'Acme Inc.' } },
    ],
    [
      'admin.apiKeys.create',
      () => admin.post('api_keys', { name: 'new', scopes: ['bridge:write'] }),
      { target_id: expect.any(String), changes: { name: 'new', scopes: ['bridge:write'] } },
    ],
    [
      'admin.clientKeys.create',
      () => admin.post('client_keys', settings),
      { target_id: expect.any(String), changes: expect.objectContaining({ origin_allowlist: [acme.origin] }) },
    ],
    [
      'admin.customers.upsert',
      () => admin.post('customers', { id: randomUUID(), status: 'pending' }),
      { changes: { status: 'pending' } },
    ],
    [
      'admin.cards.upsert',
      () => admin.post('cards', { id: acme.activeCard, customer_id: acme.customer, status: 'SUSPENDED' }),
      { target_id: acme.activeCard, changes: { status: 'SUSPENDED' } },
    ],
    ['admin.sessions.revoke', () => admin.post('sessions/revoke', { user_id: 'u' }), { changes: { user_id: 'u' } }],
    ['admin.signingKeys.rotate', () => admin.post('signing_keys/rotate', {}), { target_id: expect.any(String) }],
  ])('%s adds an entry', async (operation, change, expected) => {
    const entry = await entryOf(change)
    expect(entry).toMatchObject({ operation, api_key_account_id: acme.account, ...expected })
    const keys = await admin.listAll<ShownKey>('api_keys')
    expect(keys.find(({ id }) => id === entry?.api_key_id)?.name).toBe('host')
  })

  test('the target is the id in the path', async () => {
    const { id } = await made<{ id: string }>('client_keys', settings)
    expect(await entryOf(() => admin.post(`client_keys/${id}`, { widget_enabled: false }))).toMatchObject({
      operation: 'admin.clientKeys.update',
      target_id: id,
      changes: { client_key_id: id, widget_enabled: false },
    })
    const key = await made<ShownKey>('api_keys', { scopes: ['admin'] })
    expect(await entryOf(() => admin.post(`api_keys/${key.id}/disable`, {}))).toMatchObject({ target_id: key.id })
    const old = await made<ShownKey>('api_keys', { scopes: ['admin'] })
    const rotated = await entryOf(() => admin.post(`api_keys/${old.id}/rotate`, {}))
    expect(rotated).toMatchObject({ target_id: old.id, changes: { overlap_seconds: 86_400 } })
    const { kid } = await made<{ kid: string }>('signing_keys/rotate', {})
    const revoked = await entryOf(() => admin.post(`signing_keys/${kid}/revoke`, {}))
    expect(revoked).toMatchObject({ operation: 'admin.signingKeys.revoke', target_id: kid })
    expect((await admin.listAll<{ kid: string }>('signing_keys')).map((one) => one.kid)).not.toContain(kid)
  })

  test('a repeat with an Idempotency-Key changes nothing and adds no entry', async () => {
    const body = { id: randomUUID() }
    const keyed = { 'Idempotency-Key': randomUUID() }
    await entryOf(() => admin.post('customers', body, hostKey, keyed))
    const before = await history()
    expect((await admin.post('customers', body, hostKey, keyed)).headers.get('idempotent-replayed')).toBe('true')
    expect(await history()).toEqual(before)
  })

  test('a refused change and a read add no entry of a change', async () => {
    const before = await history()
    expect((await admin.post('customers', { id: rival.customer })).status).toBe(422)
    expect((await admin.post('cards', { id: 'x' })).status).toBe(422)
    expect((await admin.post('signing_keys/none/revoke', {})).status).toBe(404)
    expect((await admin.get('customers')).status).toBe(200)
    expect(await history()).toEqual(before)
  })

  test('no secret is part of an entry', async () => {
    const secret = (await made<ShownKey>('api_keys', { scopes: ['*'] })).secret
    expect(JSON.stringify(await history())).not.toContain(secret)
  })

  test("a change to a child is in the child's history, with the parent's key", async () => {
    await admin.post('customers', { id: randomUUID() }, hostKey, actingFor(child.account))
    const [entry] = await history(hostKey, actingFor(child.account))
    expect(entry).toMatchObject({ operation: 'admin.customers.upsert', api_key_account_id: acme.account })
    expect((await history()).map(({ id }) => id)).not.toContain(entry?.id)
  })

  test("403 without the scope; another account's history is not visible", async () => {
    expect((await admin.get('audit', acme.keyWithoutScopes)).status).toBe(403)
    expect(await history(rival.key)).toEqual([])
  })

  test('the newest first, for 90 days', async () => {
    const before = await history()
    expect(before.map(({ at }) => at)).toEqual(
      before
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    )
    server.clock.advance(90 * day)
    expect(await history()).toEqual([])
  })
})

test('calls other than administration add no entry, with or without an Idempotency-Key', async () => {
  const before = await history()
  const keyed: Record<string, string> = { 'Idempotency-Key': 'no administration' }
  for (const headers of [{}, keyed])
    expect((await server.postAsAcme(paths.bridge, { customer_id: acme.customer }, headers)).status).toBe(200)
  expect(await history()).toEqual(before)
})

test('a change whose entry cannot be written does not happen', async () => {
  const broken = await assembleServer({
    wrap: (store) => ({
      ...store,
      transaction: (run) =>
        store.transaction((inner) => run({ ...inner, appendAuditEntry: () => Promise.reject(new Error('no room')) })),
    }),
  })
  const id = randomUUID()
  for (const headers of [bearer(hostKey), { ...bearer(hostKey), 'Idempotency-Key': 'k' }]) {
    expect((await broken.call('/v1/admin/customers', { headers, body: { id } })).status).toBe(500)
  }
  expect(await broken.store.findCustomer(acme.account, id)).toBeUndefined()
  const { body } = await broken.call('/v1/admin/signing_keys', { method: 'GET', headers: bearer(hostKey) })
  expect((await broken.call('/v1/admin/signing_keys/rotate', { headers: bearer(hostKey), body: {} })).status).toBe(500)
  await broken.keyRing.reload()
  expect(broken.keyRing.list()).toHaveLength((body.data as unknown[]).length)
  await broken.stop()
})
