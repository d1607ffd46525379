import { randomBytes } from 'node:crypto'
import type { Operations, OutputOf } from '@hallpass/contracts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { administer, type Page } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, mintCardToken, mintGuest, mintUserToken, paths } from './support/fixtures/mint.js'
import { bearer, startServer } from './support/servers/in-process-server.js'
import { newDatabase } from './support/servers/new-database.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import {
  eventIssues,
  isSigned,
  startReceiver,
  untilNextLook,
  withFakeIntervals,
} from './support/servers/webhook-receiver.js'
import { withServer } from './support/servers/with-server.js'
import { expectBelow } from './support/time/slowness.js'

type Webhook = OutputOf<Operations['admin.webhooks.create']>
type Delivery = OutputOf<Operations['admin.webhooks.deliveries']>['data'][number]

const config = { localIssuers: true, profile: 'sandbox' } as const
withFakeIntervals()
const server = withServer({ fixture: fixtureWithHost, config })
let admin: ReturnType<typeof administer>
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  admin = administer(server)
  receiver = await startReceiver()
})
afterAll(() => receiver.stop())

let endpoints = 0
/** An endpoint at a path of its own. */
async function create(event_types: string[] = ['*']) {
  const path = `/${++endpoints}`
  const webhook = await bodyOf<Webhook>(await admin.post('webhooks', { url: receiver.url + path, event_types }))
  return { ...webhook, path }
}
afterEach(async () => {
  receiver.answer((_, response) => void response.writeHead(204).end())
  for (const { id } of await admin.listAll<Webhook>('webhooks')) await admin.post(`webhooks/${id}/delete`, {})
})

const sendTest = async (id: string) =>
  (await bodyOf<{ event_id: string }>(await admin.post(`webhooks/${id}/test`, {}))).event_id
const deliveriesOf = async (id: string) =>
  (await bodyOf<Page<Delivery>>(await admin.get(`webhooks/${id}/deliveries`))).data
async function settled(id: string, is: (delivery: Delivery) => boolean): Promise<Delivery> {
  for (const end = performance.now() + 20_000; performance.now() < end; await untilNextLook()) {
    const [delivery] = await deliveriesOf(id)
    if (delivery && is(delivery)) return delivery
  }
  throw new Error(`not settled: ${JSON.stringify(await deliveriesOf(id))}`)
}
const redeem = (widget_token: string) => server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
const refresh = (refresh_token: string) => server.postFromShop(paths.refresh, { refresh_token })

/** Mints a token of a declared kind that has two uses, and uses it twice. */
async function useKindToken() {
  const ttl_seconds = { default: 60, max: 60 }
  const declaration = { name: 'report', form: 'opaque', uses: 2, ttl_seconds, actions: ['view'], resource: 'none' }
  expect((await server.trpc('admin.kinds.put', declaration, bearer(hostKey))).status).toBe(200)
  const minted = await bodyOf<{ token: string; token_id: string }>(
    await server.post('/v1/tokens', { kind: 'report', subject: 'user_42' }, bearer(hostKey)),
  )
  for (const _ of [1, 2])
    await server.post('/v1/tokens/redeem', { token: minted.token, kind: 'report' }, bearer(hostKey))
  return minted
}

describe('an event', () => {
  test('is sent with the headers of Standard Webhooks, signed with the secret', async () => {
    const { id, secret, path } = await create()
    const eventId = await sendTest(id)
    const [received] = await receiver.waitFor(1, path)
    expect(received?.headers).toMatchObject({
      'webhook-id': eventId,
      'webhook-timestamp': String(Math.floor(server.clock.now() / 1000)),
      'content-type': 'application/json',
    })
    expect(received?.event).toEqual({
      type: 'webhook.test',
      timestamp: new Date(server.clock.now()).toISOString(),
      data: { webhook_id: id },
    })
    expect(received && isSigned(received, secret)).toBe(true)
    const delivered = await settled(id, ({ state }) => state === 'delivered')
    expect(delivered).toMatchObject({ attempts: 1, last_status: 204, last_result: 'delivered', next_attempt_at: null })
  })

  test('is signed with both secrets during the overlap of a rotation, and then with the new one', async () => {
    const { id, secret, path } = await create()
    const rotated = await bodyOf<Webhook>(await admin.post(`webhooks/${id}/rotate_secret`, { overlap_seconds: 60 }))
    await sendTest(id)
    const [during] = await receiver.waitFor(1, path)
    expect(during && [isSigned(during, secret), isSigned(during, rotated.secret)]).toEqual([true, true])
    server.clock.advance(60_000)
    await sendTest(id)
    const [, after] = await receiver.waitFor(2, path)
    expect(after && [isSigned(after, secret), isSigned(after, rotated.secret)]).toEqual([false, true])
  })

  test('tells what was decided, once, with ids and no token', async () => {
    const { path } = await create()
    const card = await mintCardToken(server)
    const spends = await Promise.all(Array.from({ length: 5 }, () => redeem(card)))
    expect(spends.filter(({ status }) => status === 200)).toHaveLength(1)
    const guest = await mintGuest(server)
    const user = await mintUserToken(server)
    const exchange = { token: user, session_token: guest.token }
    const session = await bodyOf<typeof guest>(await server.postFromShop(paths.exchange, exchange))
    await refresh(session.refresh_token)
    server.clock.advance(11_000)
    const reuse = await Promise.all(Array.from({ length: 5 }, () => refresh(session.refresh_token)))
    expect(reuse.every(({ status }) => status !== 200)).toBe(true)
    const key = await admin.createKey(['bridge:write'])
    await admin.post(`api_keys/${key.id}/disable`, {})
    const counted = await useKindToken()
    const got = await receiver.waitFor(11, path)
    for (let look = 0; look < 3; look++) await untilNextLook()
    expect(got.map(({ event }) => event.type).toSorted()).toEqual([
      ...['api_key.created', 'api_key.disabled', 'session.ended', 'session.promoted', 'session.reuse_detected'],
      ...['token.minted', 'token.minted', 'token.spent', 'token.spent', 'token.spent', 'token.spent'],
    ])
    expect(receiver.got.filter((one) => one.path === path)).toHaveLength(11)
    const ofKind = got.filter(({ event }) => event.data.kind === 'report').map(({ event }) => event)
    // they are sent at the same time, so they come in any order
    expect(ofKind.map(({ type, data }) => `${type} ${data.token_id} ${data.uses_left}`).toSorted()).toEqual([
      `token.minted ${counted.token_id} undefined`,
      `token.spent ${counted.token_id} 0`,
      `token.spent ${counted.token_id} 1`,
    ])
    expect(got.flatMap(({ event }) => eventIssues(event))).toEqual([])
    const promoted = got.find(({ event }) => event.type === 'session.promoted')?.event.data
    const ids = { session_id: session.session_id, guest_session_id: guest.session_id, visitor_id: guest.visitor_id }
    expect(promoted).toMatchObject({ ...ids, user_id: 'user_42' })
    const all = got.map(({ body }) => body).join()
    for (const token of [card, user, guest.token, session.refresh_token, key.secret, counted.token])
      expect(all).not.toContain(token)
  })

  test('is not written for what an endpoint did not subscribe to, nor for a guest', async () => {
    const { id, path } = await create(['token.minted'])
    await redeem(await mintCardToken(server))
    await mintGuest(server)
    const [received] = await receiver.waitFor(1, path)
    expect(received?.event.type).toBe('token.minted')
    expect(await deliveriesOf(id)).toHaveLength(1)
  })
})

describe('a receiver', () => {
  test.each([
    ['answers 500', 500, {}, 'refused'],
    ['redirects to link-local', 302, { Location: 'http://169.254.169.254/latest/meta-data' }, 'redirect'],
  ])('that %s gets the event again later, with the same id', async (_, status, headers, last_result) => {
    const { id, path } = await create()
    receiver.answer((__, response) => void response.writeHead(status, headers).end())
    const eventId = await sendTest(id)
    const failed = await settled(id, (delivery) => delivery.last_result !== null)
    expect(failed).toMatchObject({ state: 'pending', attempts: 1, last_status: status, last_result })
    receiver.answer((__, response) => void response.writeHead(200).end())
    server.clock.advance(6_100)
    await settled(id, ({ state }) => state === 'delivered')
    const got = await receiver.waitFor(2, path)
    expect(got.map((one) => one.headers['webhook-id'])).toEqual([eventId, eventId])
  })

  test('that answers 410 is disabled, and gets no more events', async () => {
    const { id } = await create()
    receiver.answer((_, response) => void response.writeHead(410).end())
    await sendTest(id)
    await settled(id, ({ state }) => state === 'dead')
    const shown = async () => bodyOf<Webhook>(await admin.get(`webhooks/${id}`))
    for (const end = performance.now() + 20_000; !(await shown()).disabled && performance.now() < end; )
      await untilNextLook()
    expect(await shown()).toMatchObject({ disabled: true, disabled_reason: 'gone' })
    await mintCardToken(server)
    expect(await deliveriesOf(id)).toHaveLength(1)
  })

  test('can ask for a pause with Retry-After', async () => {
    const { id } = await create()
    receiver.answer((_, response) => void response.writeHead(503, { 'Retry-After': '3600' }).end())
    await sendTest(id)
    const failed = await settled(id, (delivery) => delivery.last_result !== null)
    expect(failed.next_attempt_at).toBe(new Date(server.clock.now() + 3_600_000).toISOString())
  })

  test('that fails for 3 days gets no more attempts until a replay', async () => {
    const { id } = await create()
    receiver.answer((_, response) => void response.writeHead(500).end())
    const eventId = await sendTest(id)
    const hasFailed = ({ last_attempt_at }: Delivery) => last_attempt_at === new Date(server.clock.now()).toISOString()
    let last = await settled(id, hasFailed)
    for (let attempts = 1; last.state === 'pending' && attempts < 40; attempts++) {
      server.clock.advance(Date.parse(last.next_attempt_at ?? '') - server.clock.now())
      last = await settled(id, hasFailed)
    }
    expect(last.state).toBe('dead')
    const metrics = await (await server.get('/metrics')).text()
    // this one, and the one that the endpoint with 410 never gets
    expect(metrics).toContain('hallpass_webhooks_dead_total 2\n')
    const days = (server.clock.now() - Date.parse(last.created_at)) / 86_400_000
    expect(days).toBeGreaterThan(2.5)
    expect(days).toBeLessThanOrEqual(3)
    receiver.answer((_, response) => void response.writeHead(204).end())
    expect(await bodyOf(await admin.post(`webhooks/${id}/replay`, {}))).toEqual({ replayed: 1 })
    expect(await settled(id, ({ state }) => state === 'delivered')).toMatchObject({ event_id: eventId, attempts: 1 })
  })

  test('that never answers holds up no other endpoint', async () => {
    const [slow, quick] = [await create(), await create()]
    receiver.answer(({ path }, response) => void (path === slow.path || response.writeHead(204).end()))
    for (let count = 0; count < 10; count++) await sendTest(slow.id)
    await receiver.waitFor(1, slow.path)
    await sendTest(quick.id)
    await receiver.waitFor(1, quick.path)
    expect(receiver.got.filter(({ path }) => path === slow.path).length).toBeLessThanOrEqual(4)
  })
})

test('what was committed before a stop is sent by the next server, with the same id', async () => {
  const folder = await temporaryFolder()
  const given = await newDatabase()
  const databaseUrl = given === ':memory:' ? `file:${folder.path}/hallpass.db` : given
  const shared = { databaseUrl, masterKey: randomBytes(32) }
  const first = await startServer({ fixture: fixtureWithHost, config: { ...config, ...shared } })
  const own = administer(first)
  const silent = await startReceiver()
  silent.answer(() => {})
  const { id } = await bodyOf<Webhook>(await own.post('webhooks', { url: silent.url, event_types: ['*'] }))
  expect(id).toMatch(/^whe_/)
  await mintCardToken(first)
  const [began] = await silent.waitFor(1)
  const stopped = performance.now()
  await first.stop()
  expectBelow(performance.now() - stopped, 8_000)
  silent.answer((_, response) => void response.writeHead(204).end())
  const second = await startServer({ fixture: fixtureWithHost, config: { ...config, ...shared } })
  const [, again] = await silent.waitFor(2)
  expect(again?.headers['webhook-id']).toBe(began?.headers['webhook-id'])
  expect(again?.event.data).toMatchObject({ kind: 'card', card_id: acme.activeCard })
  await second.stop()
  await silent.stop()
  await folder.remove()
})
