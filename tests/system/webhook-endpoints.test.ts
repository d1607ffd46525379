import type { Operations, OutputOf } from '@hallpass/contracts'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { administer, type Page, refusal } from './support/fixtures/administer.js'
import { rival } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

type Webhook = OutputOf<Operations['admin.webhooks.create']>
type Delivery = OutputOf<Operations['admin.webhooks.deliveries']>['data'][number]

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(() => {
  admin = administer(server)
})

const input = { url: 'https://hooks.example/a', event_types: ['token.spent', 'session.ended'] }
const create = async (body: object = input) => bodyOf<Webhook>(await admin.post('webhooks', body))
const shownOf = async (id: string) => bodyOf<Webhook>(await admin.get(`webhooks/${id}`))
const deliveriesOf = async (id: string, query = '') =>
  bodyOf<Page<Delivery>>(await admin.get(`webhooks/${id}/deliveries${query}`))

afterEach(async () => {
  for (const { id } of await admin.listAll<Webhook>('webhooks')) await admin.post(`webhooks/${id}/delete`, {})
})

describe('POST /v1/admin/webhooks', () => {
  test('200 with a secret that is shown only once', async () => {
    const { secret, ...shown } = await create()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(shown).toEqual({
      ...{ id: expect.stringMatching(/^whe_/), ...input, description: '', disabled: false, disabled_reason: null },
      created_at: new Date(server.clock.now()).toISOString(),
      previous_secret_until: null,
    })
    expect(await shownOf(shown.id)).toEqual(shown)
    expect(await admin.listAll('webhooks')).toEqual([shown])
  })

  test.each([
    ['http', 'http://hooks.example/', 422],
    ['credentials in the URL', 'https://user:secret@hooks.example/', 422],
    ['a fragment', 'https://hooks.example/#a', 422],
    ['the port of mail', 'https://hooks.example:25/', 422],
    ['the highest port for something else', 'https://hooks.example:1023/', 422],
    ["the server's own machine", 'http://localhost:9/', 422],
    ["the server's own machine, by https", 'https://127.0.0.1/', 422],
  ])('refuses %s', async (_, url, status) => {
    expect((await admin.post('webhooks', { ...input, url })).status).toBe(status)
  })

  test('422 for an unknown event type, or none', async () => {
    expect((await admin.post('webhooks', { ...input, event_types: ['token.stolen'] })).status).toBe(422)
    expect((await admin.post('webhooks', { ...input, event_types: [] })).status).toBe(422)
  })

  test('of 12 at the same time, 10 succeed and the others get 422', async () => {
    const responses = await Promise.all(Array.from({ length: 12 }, () => admin.post('webhooks', input)))
    expect(responses.map(({ status }) => status).toSorted()).toEqual([...Array(10).fill(200), 422, 422])
  })

  test('403 without the scope admin', async () => {
    const { secret } = await admin.createKey(['admin:read'])
    expect((await admin.post('webhooks', input, secret)).status).toBe(403)
    expect((await admin.get('webhooks', secret)).status).toBe(200)
  })
})

test('404 for an endpoint of another account, as for an unknown one', async () => {
  const { id } = await create()
  const paths = ['', '/rotate_secret', '/delete', '/test', '/replay']
  for (const path of paths) {
    const foreign = await admin.post(`webhooks/${id}${path}`, {}, rival.key)
    const unknown = await admin.post(`webhooks/whe_unknown${path}`, {}, rival.key)
    expect(await refusal(foreign)).toBe(await refusal(unknown))
    expect(foreign.status).toBe(404)
  }
  for (const path of ['', '/deliveries']) {
    expect((await admin.get(`webhooks/${id}${path}`, rival.key)).status).toBe(404)
  }
  expect(await shownOf(id)).toMatchObject({ disabled: false })
})

describe('POST /v1/admin/webhooks/{webhook_id}', () => {
  test('changes the given fields only, and says why it is disabled', async () => {
    const { secret, ...before } = await create()
    const change = (body: object) => admin.post(`webhooks/${before.id}`, body)
    expect(await bodyOf(await change({ event_types: ['*'] }))).toEqual({ ...before, event_types: ['*'] })
    const disabled = { ...before, event_types: ['*'], disabled: true, disabled_reason: 'requested' }
    expect(await bodyOf(await change({ disabled: true }))).toEqual(disabled)
    expect(await refusal(await admin.post(`webhooks/${before.id}/test`, {}))).toBe('422 INVALID_STATUS')
    expect(await bodyOf(await change({ disabled: false }))).toMatchObject({ disabled: false, disabled_reason: null })
    expect(JSON.stringify(await admin.listAll('webhooks'))).not.toContain(secret.slice(6))
  })
})

test('a rotated secret signs with the previous one until the overlap ends', async () => {
  const { id, secret } = await create()
  const rotated = await bodyOf<Webhook>(await admin.post(`webhooks/${id}/rotate_secret`, { overlap_seconds: 60 }))
  expect(rotated.secret).not.toBe(secret)
  expect(rotated.previous_secret_until).toBe(new Date(server.clock.now() + 60_000).toISOString())
  server.clock.advance(60_000)
  expect((await shownOf(id)).previous_secret_until).toBeNull()
})

test('a test event is a delivery that can be listed by pages and states, and sent again', async () => {
  const { id } = await create()
  const ids: string[] = []
  for (let count = 0; count < 3; count++) {
    const { event_id } = await bodyOf<{ event_id: string }>(await admin.post(`webhooks/${id}/test`, {}))
    ids.unshift(event_id)
    server.clock.advance(1)
  }
  const first = await deliveriesOf(id, '?limit=2')
  const second = await deliveriesOf(id, `?limit=2&cursor=${first.next_cursor}`)
  expect([...first.data, ...second.data].map(({ event_id }) => event_id)).toEqual(ids)
  expect(JSON.parse(first.data[0]?.payload ?? '')).toMatchObject({ type: 'webhook.test', data: { webhook_id: id } })
  expect((await deliveriesOf(id, '?state=dead')).data).toEqual([])
  expect(await bodyOf(await admin.post(`webhooks/${id}/replay`, { event_id: ids[0] }))).toEqual({ replayed: 1 })
  expect(await bodyOf(await admin.post(`webhooks/${id}/replay`, {}))).toEqual({ replayed: 0 })
  expect((await admin.post(`webhooks/${id}/replay`, { event_id: 'evt_unknown' })).status).toBe(404)
})

test('a change is in the history without the secret, and a deleted endpoint is gone', async () => {
  // the history shows what came in one millisecond in any order
  server.clock.advance(1)
  const { id, secret } = await create()
  server.clock.advance(1)
  expect((await admin.post(`webhooks/${id}/delete`, {})).status).toBe(200)
  expect((await admin.get(`webhooks/${id}`)).status).toBe(404)
  expect((await admin.post(`webhooks/${id}`, { disabled: false })).status).toBe(404)
  const history = await admin.history(2)
  expect(history).toMatchObject([
    { operation: 'admin.webhooks.delete', target_id: id },
    { operation: 'admin.webhooks.create', target_id: id, changes: { url: input.url } },
  ])
  expect(JSON.stringify(history)).not.toContain(secret.slice(6))
})

test('the same over tRPC', async () => {
  const key = bearer((await admin.createKey(['admin'])).secret)
  const response = await server.trpc('admin.webhooks.create', input, key)
  const { result } = await bodyOf<{ result: { data: Webhook } }>(response)
  expect(result.data.secret).toMatch(/^whsec_/)
})
