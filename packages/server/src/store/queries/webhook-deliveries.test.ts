import { randomBytes, randomUUID } from 'node:crypto'
import { webhookTest } from '@hallpass/contracts'
import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'
import { eventIdBefore, toEvent } from '../../webhooks/webhook-event.js'

const start = Date.parse('2026-11-30T08:00:00.000Z')
const end = start + 1_000_000
const times = { now: end, giveUpAt: end + 1 }

const eventAt = (time: number, id?: string) =>
  toEvent({ now: () => time, random: randomBytes }, { type: webhookTest, subject: `${time}`, data: {} }, id)

describe.each(databases)('a replay in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  /** An endpoint with these events, all of which were delivered. */
  async function delivered(events: readonly ReturnType<typeof eventAt>[]) {
    const endpoint = { accountId: randomUUID(), endpointId: randomUUID() }
    const row = { event_types: ',*,', description: '', sealed_secret: '', created_at: start }
    const added = { id: endpoint.endpointId, url: 'https://hooks.example/', ...row }
    await store.insertWebhookEndpoint(endpoint.accountId, added, 10)
    for (const event of events) await store.addTestEvent(endpoint, event)
    const due = { lease: 'one', now: end, until: end, limit: events.length }
    for (const attempt of await store.leaseWebhookDeliveries(endpoint.endpointId, due)) {
      const outcome = { at: end, nextAttemptAt: end, status: 204, result: 'delivered', expiresAt: end }
      await store.finishWebhookAttempt(attempt, { state: 'delivered', ...outcome })
    }
    const since = (time: number, { after = eventIdBefore(time), limit = 10 } = {}) =>
      store.replayWebhookDeliveries(endpoint, { since: time, after, limit }, times)
    return { endpoint, since }
  }

  test('since a time makes events from then on pending, once', async () => {
    const events = [eventAt(start - 1), eventAt(start), eventAt(start + 1)]
    const ids = events.map(({ id }) => id)
    const { endpoint, since } = await delivered(events)
    expect(await since(start)).toEqual(ids.slice(1))
    expect(await since(start)).toEqual([])
    expect(await since(start - 1)).toEqual(ids.slice(0, 1))
    const pending = await store.listWebhookDeliveries(endpoint, { before: undefined, limit: 10, state: 'pending' })
    expect(pending.map(({ event_id, attempts }) => [event_id, attempts])).toEqual(ids.reverse().map((id) => [id, 0]))
  })

  test('since a time goes on after an id, in the order of time', async () => {
    const ids = Array.from({ length: 5 }, (_, index) => eventAt(start + index))
    const { since } = await delivered(ids)
    const [first = [], second = []] = [
      await since(start, { limit: 3 }),
      await since(start, { limit: 3, after: ids[2]?.id ?? '' }),
    ]
    expect([...first, ...second]).toEqual(ids.map(({ id }) => id))
    expect(second).toHaveLength(2)
  })

  test('since a time finds an event whose id is ten minutes older', async () => {
    const { id } = eventAt(start - 600_000)
    const { since } = await delivered([eventAt(start, id)])
    expect(await since(start)).toEqual([id])
  })

  test('without a time is about dead events only, and not about those of another account', async () => {
    const { endpoint } = await delivered([eventAt(start)])
    await store.addTestEvent(endpoint, eventAt(start))
    await store.expirePendingDeliveries(end * 2, { expiresAt: end * 3, limit: 1_000 })
    const foreign = { ...endpoint, accountId: randomUUID() }
    expect(await store.replayWebhookDeliveries(foreign, { limit: 10 }, times)).toEqual([])
    expect(await store.replayWebhookDeliveries(endpoint, { limit: 10 }, times)).toHaveLength(1)
  })
})
