import type { Operations, OutputOf } from '@hallpass/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { paths } from './support/fixtures/mint.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'
import type { Store } from './support/servers/server-parts.js'
import { eventIssues, type Received } from './support/servers/webhook-receiver.js'
import { tickingClock } from './support/time/ticking-clock.js'

type Webhook = OutputOf<Operations['admin.webhooks.create']>

/** Where the server crashes: everything after it fails, and what is not committed is lost. */
let crashesBefore: 'appendAuditEntry' | 'second cutoff' | undefined
let cutoffs = 0
let isFeedFull = false
const crashing = (store: Store): Store => {
  const countCutoff = () => {
    if (crashesBefore === 'second cutoff' && ++cutoffs > 1) throw new Error('crash')
  }
  return {
    ...store,
    async appendAuditEntry(...entry) {
      if (crashesBefore === 'appendAuditEntry') throw new Error('crash')
      return store.appendAuditEntry(...entry)
    },
    async addCutoff(...cutoff) {
      countCutoff()
      return store.addCutoff(...cutoff)
    },
    emptyFullFeed: async (accountId) => (await store.emptyFullFeed(accountId)) || isFeedFull,
    transaction: (run) => store.transaction((tx) => run(crashing(tx))),
  }
}

let server: AssembledServer
beforeAll(async () => {
  server = await assembleServer({ clock: tickingClock(), wrap: crashing })
})
afterAll(() => server.stop())

const call = (path: string, body: object, headers: Record<string, string> = {}) =>
  server.call(path, { headers: { ...bearer(hostKey), ...headers }, body })
const ask = async (path: string, body: object, headers: Record<string, string> = {}) => {
  const { status, body: answer } = await call(`/v1/admin/${path}`, body, headers)
  expect({ status, answer }).toMatchObject({ status: 200 })
  return answer
}
const asChild = { 'Straddle-Account-Id': child.account }
const end = (input: object) => ask('sessions/revoke', input)

let endpoint: { readonly accountId: string; readonly endpointId: string }
const subscribe = async (accountId: string, headers = {}) => {
  const input = { url: 'https://hooks.example/', event_types: ['session.ended'] }
  const { id } = (await ask('webhooks', input, headers)) as unknown as Webhook
  return { accountId, endpointId: id }
}
const deliveriesOf = (name = endpoint) =>
  server.store.listWebhookDeliveries(name, { before: undefined, limit: 100, state: undefined })
const eventsOf = async (name = endpoint) =>
  (await deliveriesOf(name)).map(({ payload }) => JSON.parse(payload) as Received['event'])
const dataOf = async (name = endpoint) => (await eventsOf(name)).map(({ data }) => data)

beforeEach(async () => {
  endpoint = await subscribe(acme.account)
})
afterEach(async () => {
  crashesBefore = undefined
  cutoffs = 0
  isFeedFull = false
  await ask(`webhooks/${endpoint.endpointId}/delete`, {})
})

const time = expect.stringMatching(/^20.*Z$/)
const newClientKey = async (more: object = {}) => {
  const agent = { id: 'agent_1', display_name: 'Ada' }
  const settings = { name: 'new', origin_allowlist: [acme.origin], agent, rate_limit: { guest_per_minute: 0 } }
  return (await ask('client_keys', { ...settings, ...more })) as unknown as { id: string; client_key: string }
}

describe('POST /v1/admin/sessions/revoke', () => {
  test.each([
    [{ user_id: 'user_42' }, { scope: 'user', scope_id: 'user_42' }],
    [{ customer_id: acme.customer }, { scope: 'customer', scope_id: acme.customer }],
    [{ card_id: acme.activeCard }, { scope: 'card', scope_id: acme.activeCard }],
    [{ subject: 'order_1' }, { scope: 'subject', scope_id: 'order_1' }],
    [{ account: true }, { scope: 'account', scope_id: acme.account }],
  ])('has one event for %j, with the time of the response', async (input, ended) => {
    const { not_before } = await end(input)
    expect(await dataOf()).toEqual([{ ...ended, not_before, reason: 'revoked' }])
    const [delivery] = await deliveriesOf()
    expect(delivery?.next_attempt_at).toBeLessThanOrEqual(server.clock.now())
    expect((await eventsOf()).flatMap(eventIssues)).toEqual([])
  })

  test('has an event in each account that it reaches', async () => {
    const theirs = await subscribe(child.account, asChild)
    const { not_before } = await end({ account: true, children: true })
    const reason = 'revoked'
    expect(await dataOf()).toEqual([{ scope: 'account', scope_id: acme.account, not_before, reason }])
    expect(await dataOf(theirs)).toEqual([{ scope: 'account', scope_id: child.account, not_before, reason }])
    const key = (await ask('api_keys', { scopes: ['bridge:write'] })) as unknown as { id: string }
    const again = await end({ api_key_id: key.id })
    const data = { scope: 'api_key', scope_id: key.id, not_before: again.not_before, reason }
    expect(await dataOf()).toContainEqual(data)
    expect(await dataOf(theirs)).toContainEqual(data)
    expect(await deliveriesOf(theirs)).toHaveLength(2)
    await ask(`webhooks/${theirs.endpointId}/delete`, {}, asChild)
  })

  test('has its event even if the server crashes before the call is in the history', async () => {
    const cutoff = { scope: 'user', subject: 'user_7' } as const
    crashesBefore = 'appendAuditEntry'
    expect((await call('/v1/admin/sessions/revoke', { user_id: 'user_7' })).status).toBe(500)
    crashesBefore = undefined
    const notBefore = (await server.store.findCutoff(acme.account, [cutoff])) ?? Number.NaN
    const held = { scope: 'user', scope_id: 'user_7', not_before: new Date(notBefore).toISOString(), reason: 'revoked' }
    expect(await dataOf()).toEqual([held])
    expect(await deliveriesOf()).toMatchObject([{ state: 'pending', next_attempt_at: notBefore + 10_000 }])
    const { not_before } = await end({ user_id: 'user_7' })
    expect(await dataOf()).toEqual([{ ...held, not_before }])
  })
})

describe('has one event:', () => {
  test.each([
    ['a card', 'cards', { id: acme.activeCard, customer_id: acme.customer }, 'SUSPENDED', 'ACTIVE'],
    ['a customer', 'customers', { id: acme.customer }, 'inactive', 'verified'],
  ])('the status of %s, also after a crash between its two cutoffs', async (_, path, record, ended, back) => {
    const data = { scope: path.slice(0, -1), scope_id: record.id, not_before: time, reason: 'status_changed' }
    await ask(path, { ...record, status: ended })
    expect(await dataOf()).toEqual([data])
    await ask(path, { ...record, status: back })
    crashesBefore = 'second cutoff'
    expect((await call(`/v1/admin/${path}`, { ...record, status: ended })).status).toBe(500)
    crashesBefore = undefined
    const [held] = (await deliveriesOf()).filter(({ next_attempt_at: due, created_at }) => due > created_at)
    expect(JSON.parse(held?.payload ?? '').data).toEqual(data)
    expect(await deliveriesOf()).toHaveLength(2)
    await ask(path, { ...record, status: back })
  })

  test('an account that is disabled, and enabled again', async () => {
    const theirs = await subscribe(child.account, asChild)
    await ask(`accounts/${child.account}`, { disabled: true })
    server.clock.advance(11_000)
    await ask(`accounts/${child.account}`, { disabled: false })
    const ended = { scope: 'account', scope_id: child.account, not_before: time }
    expect((await dataOf(theirs)).toReversed()).toEqual([
      { ...ended, reason: 'account_disabled' },
      { ...ended, reason: 'account_enabled' },
    ])
    expect(await dataOf()).toEqual([])
    await ask(`webhooks/${theirs.endpointId}/delete`, {}, asChild)
  })

  test('a disabled kind', async () => {
    const ttl_seconds = { default: 60, max: 60 }
    const kind = { name: 'report', form: 'opaque', uses: 1, ttl_seconds, actions: ['view'], resource: 'none' }
    await server.call('/v1/admin/kinds/report', { method: 'PUT', headers: bearer(hostKey), body: kind })
    await ask('kinds/report/disable', {})
    await ask('kinds/report/disable', {})
    expect(await dataOf()).toEqual([{ scope: 'kind', scope_id: 'report', not_before: time, reason: 'kind_disabled' }])
  })

  test('a secret key that is disabled with what it minted', async () => {
    const key = (await ask('api_keys', { scopes: ['bridge:write'] })) as unknown as { id: string }
    await ask(`api_keys/${key.id}/disable`, { revoke_minted: true })
    expect(await dataOf()).toEqual([{ scope: 'api_key', scope_id: key.id, not_before: time, reason: 'revoked' }])
  })

  test('the end of observe mode, for each origin', async () => {
    const origin = 'https://new.example'
    const key = await newClientKey({ observe_until: new Date(server.clock.now() + 3_600_000).toISOString() })
    server.clock.advance(20_000)
    const begun = await server.call(paths.guest, { headers: { Origin: origin }, body: { client_key: key.client_key } })
    expect(begun.status).toBe(200)
    await ask(`client_keys/${key.id}`, { observe_until: null })
    const ended = { scope: 'origin', scope_id: origin, client_key_id: key.id, not_before: time }
    expect(await dataOf()).toEqual([{ ...ended, reason: 'observation_ended' }])
    expect((await eventsOf()).flatMap(eventIssues)).toEqual([])
  })

  test('a full feed', async () => {
    const guest = await server.call(paths.guest, {
      headers: { Origin: acme.origin },
      body: { client_key: acme.clientKey },
    })
    isFeedFull = true
    await end({ session_id: String(guest.body.session_id) })
    const [full, session] = (await dataOf()).toSorted((one) => (one.reason === 'feed_full' ? -1 : 1))
    expect(full).toEqual({ scope: 'account', scope_id: acme.account, not_before: time, reason: 'feed_full' })
    expect(session).toEqual({ session_id: guest.body.session_id, reason: 'revoked' })
  })
})

test('what was already so has no second event', async () => {
  const all = ['api_key.disabled', 'client_key.updated']
  await ask(`webhooks/${endpoint.endpointId}`, { event_types: all })
  const key = (await ask('api_keys', { scopes: ['bridge:write'] })) as unknown as { id: string }
  const { id } = await newClientKey()
  for (const _ of [1, 2]) {
    await ask(`api_keys/${key.id}/disable`, {})
    await ask(`client_keys/${id}/allow_origin`, { origin: 'https://new.example' })
  }
  expect((await eventsOf()).map(({ type }) => type).toSorted()).toEqual(all)
})

test("another account's cutoff has no event", async () => {
  const { status } = await call('/v1/admin/sessions/revoke', { account: true }, bearer(rival.key))
  expect(status).toBe(200)
  expect(await dataOf()).toEqual([])
})
