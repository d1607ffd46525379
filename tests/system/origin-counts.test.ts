import { beforeAll, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'
import { countOrigins } from './support/servers/server-parts.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer()
const shop = 'https://shop.example'
const old = 'https://old.example'
const blog = 'https://blog.example'

interface Trial {
  readonly origins: readonly object[]
  readonly other_calls: number
  readonly would_refuse: object
  readonly would_allow: object
  readonly summary: string
}

const guest = (client_key: string, origin: string) => server.post(paths.guest, { client_key }, { Origin: origin })

async function createClientKey(origin_allowlist: readonly string[]) {
  const body = { name: 'site', origin_allowlist, agent: { id: 'agent_1', display_name: 'Ada' } }
  const response = await server.post('/v1/admin/client_keys', body, bearer(acme.key))
  return (await response.json()) as { id: string; client_key: string }
}

const tryList = (id: string, body: object, key: string = acme.key) =>
  server.post(`/v1/admin/client_keys/${id}/try`, body, bearer(key))

describe('POST /v1/admin/client_keys/{client_key_id}/try', () => {
  let key: { id: string; client_key: string }
  beforeAll(async () => {
    key = await createClientKey([shop, old])
    for (const origin of [shop, shop, shop, old, old, blog]) await guest(key.client_key, origin)
  })

  test('200 with what another list would have done to the calls so far', async () => {
    const response = await tryList(key.id, { origin_allowlist: [shop, 'blog.example'] })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      origins: [
        { origin: shop, allowed_calls: 3, refused_calls: 0, would_be_allowed: true },
        { origin: old, allowed_calls: 2, refused_calls: 0, would_be_allowed: false },
        { origin: blog, allowed_calls: 0, refused_calls: 1, would_be_allowed: true },
      ],
      other_calls: 0,
      unlisted_origins: [],
      would_refuse: { calls: 2, origins: 1 },
      would_allow: { calls: 1, origins: 1 },
      summary: 'This would have refused 2 calls from 1 origin and allowed 1 call from 1 origin in the last 24 hours.',
    })
  })

  test('200 with the current list, which would have changed nothing', async () => {
    const trial = (await (await tryList(key.id, {})).json()) as Trial
    expect(trial.summary).toBe('This would have changed nothing in the last 24 hours.')
    expect(trial.origins).toHaveLength(3)
  })

  test('422 for an entry that no allowlist may have, 404 for a client key of another account', async () => {
    expect((await tryList(key.id, { origin_allowlist: ['*'] })).status).toBe(422)
    expect((await tryList(key.id, {}, rival.key)).status).toBe(404)
  })

  test('counts an invalid Origin as one of the rest', async () => {
    const { id, client_key } = await createClientKey([shop])
    for (const origin of ['null', 'https://shop.example/path', `https://${'a'.repeat(400)}.example`]) {
      await guest(client_key, origin)
    }
    expect(await (await tryList(id, {})).json()).toMatchObject({ origins: [], other_calls: 3 })
  })

  test('forgets calls of more than a day ago', async () => {
    server.clock.advance(26 * 3_600_000)
    expect(await (await tryList(key.id, {})).json()).toMatchObject({ origins: [], other_calls: 0 })
  })
})

describe('counting', () => {
  const log = { warn: () => {} }
  const call = { accountId: acme.account, clientKeyId: 'client-1', outcome: 'refused' } as const

  test('made-up origins have at most 50 rows an hour, also after a restart and in two processes', async () => {
    const { store, clock, stop } = await assembleServer()
    const start = () => countOrigins({ clock, store, log })
    for (const [run, counter] of [start(), start()].entries()) {
      for (let i = 0; i < 300; i++) counter.count({ ...call, origin: `https://o${i}.run${run}.example` })
      await counter.flush()
    }
    const counts = await store.countCallsByOrigin(acme.account, 'client-1', 0)
    expect(counts).toHaveLength(51)
    expect(counts.reduce((sum, { calls }) => sum + calls, 0)).toBe(600)
    expect(counts[0]).toMatchObject({ origin: '', calls: 550 })
    await stop()
  })

  test('adds up the counts of several processes, and another account sees none of them', async () => {
    const { store, clock, stop } = await assembleServer()
    for (const counter of [countOrigins({ clock, store, log }), countOrigins({ clock, store, log })]) {
      counter.count({ ...call, origin: shop })
      counter.count({ ...call, origin: shop, outcome: 'allowed' })
      await counter.flush()
    }
    expect(await store.countCallsByOrigin(acme.account, 'client-1', 0)).toEqual([
      { origin: shop, outcome: 'allowed', calls: 2 },
      { origin: shop, outcome: 'refused', calls: 2 },
    ])
    expect(await store.countCallsByOrigin(rival.account, 'client-1', 0)).toEqual([])
    await stop()
  })

  test('counts are swept after two days', async () => {
    const { store, clock, stop } = await assembleServer()
    const counter = countOrigins({ clock, store, log })
    counter.count({ ...call, origin: shop })
    await counter.flush()
    await store.sweepExpired(clock.now() + 49 * 3_600_000, 100)
    expect(await store.countCallsByOrigin(acme.account, 'client-1', 0)).toEqual([])
    await stop()
  })
})
