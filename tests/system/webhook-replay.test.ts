import type { Operations, OutputOf } from '@hallpass/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { administer, type Page } from './support/fixtures/administer.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf } from './support/fixtures/mint.js'
import { startReceiver, untilNextLook, withFakeIntervals } from './support/servers/webhook-receiver.js'
import { withServer } from './support/servers/with-server.js'

type Delivery = OutputOf<Operations['admin.webhooks.deliveries']>['data'][number]

withFakeIntervals()
const server = withServer({ fixture: fixtureWithHost, config: { localIssuers: true, profile: 'sandbox' } })
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.stop())

const now = () => new Date(server.clock.now()).toISOString()

async function createEndpoint() {
  const admin = administer(server)
  const { id } = await bodyOf<{ id: string }>(await admin.post('webhooks', { url: receiver.url, event_types: ['*'] }))
  const deliveries = async () => (await bodyOf<Page<Delivery>>(await admin.get(`webhooks/${id}/deliveries`))).data
  return {
    replay: (input: object) => admin.post(`webhooks/${id}/replay`, input),
    update: (input: object) => admin.post(`webhooks/${id}`, input),
    async send(state: Delivery['state']): Promise<string> {
      const { event_id } = await bodyOf<{ event_id: string }>(await admin.post(`webhooks/${id}/test`, {}))
      for (const end = performance.now() + 20_000; performance.now() < end; await untilNextLook()) {
        const sent = (await deliveries()).find((one) => one.event_id === event_id)
        if (sent?.state === state && sent.last_attempt_at !== null) return event_id
      }
      throw new Error(`not ${state}: ${JSON.stringify(await deliveries())}`)
    },
  }
}

test('a receiver that lost what it had received gets it again since a time, with the same ids', async () => {
  const { replay, send, update } = await createEndpoint()
  await send('delivered')
  server.clock.advance(60_000)
  const since = now()
  const ids = [await send('delivered'), await send('delivered')]
  receiver.answer((_, response) => void response.writeHead(410).end())
  ids.push(await send('dead'))
  receiver.answer((_, response) => void response.writeHead(204).end())
  await update({ disabled: false })
  const before = receiver.got.length
  expect(await bodyOf(await replay({ since }))).toEqual({ replayed: 3 })
  const again = (await receiver.waitFor(before + 3)).slice(before)
  expect(again.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(ids.toSorted())
  server.clock.advance(60_000)
  expect(await bodyOf(await replay({ since: now() }))).toEqual({ replayed: 0 })
})

test.each([
  ['since with event_id', { since: '2026-11-30T08:00:00Z', event_id: 'evt_1' }, 'since'],
  ['cursor without since', { cursor: 'evt_1' }, 'cursor'],
  ['since without a time', { since: 'yesterday' }, 'since'],
])('422 for %s', async (_, input, field) => {
  const { replay } = await createEndpoint()
  const response = await replay(input)
  expect(response.status).toBe(422)
  expect(JSON.stringify(await response.json())).toContain(field)
})
