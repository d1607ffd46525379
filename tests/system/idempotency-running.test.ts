import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { type PipelinedRequest, pipeline } from './support/http/pipeline.js'
import type { AssembledServer } from './support/servers/assembled-server.js'
import { startHeld } from './support/servers/held-request.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer()

const keyed = (key: string) => ({ ...bearer(acme.key), 'Idempotency-Key': key })

const card = (key: string, type: 'REVEAL' | 'SET_PIN' = 'REVEAL'): PipelinedRequest => ({
  method: 'GET',
  path: cardPath(acme.activeCard, type),
  headers: keyed(key),
})

/** How long a request may hold its key. */
const leaseMilliseconds = 30_000

interface Endpoint {
  readonly name: string
  readonly says: string
  readonly request: (server: AssembledServer) => Promise<{ path: string; method?: 'GET'; body?: object }>
  readonly running: object
}

const concurrent = { status: 422, body: { code: 'IDEMPOTENCY_CONCURRENT_USE', detail: expect.stringMatching(/./) } }
const endpoints: readonly Endpoint[] = [
  {
    name: 'card',
    says: '422 IDEMPOTENCY_CONCURRENT_USE with Retry-After: 1',
    request: async () => ({ method: 'GET', path: cardPath(acme.activeCard, 'REVEAL') }),
    running: concurrent,
  },
  {
    name: 'bridge',
    says: '409 with Retry-After: 1',
    request: async () => ({ path: paths.bridge, body: { customer_id: acme.customer } }),
    running: { status: 409, body: { error: { status: 409, type: '/conflict', title: 'Conflict' } } },
  },
  {
    name: 'redeem',
    says: '422 IDEMPOTENCY_CONCURRENT_USE with Retry-After: 1',
    request: async ({ call }) => {
      const minted = await call(cardPath(acme.activeCard, 'REVEAL'), { method: 'GET', headers: bearer(hostKey) })
      return { path: paths.redeem, body: { widget_token: minted.body.widget_token, widget_type: 'REVEAL' } }
    },
    running: concurrent,
  },
]

describe('an Idempotency-Key whose first request is still running', () => {
  test.each(endpoints.map((endpoint) => [endpoint.says, endpoint.name, endpoint] as const))(
    '%s at the %s endpoint, and a replay a moment later',
    async (_says, _name, { request, running }) => {
      const { assembled, held, release } = await startHeld()
      const { path, ...options } = await request(assembled)
      const ask = () =>
        assembled.call(path, { ...options, headers: { ...bearer(hostKey), 'Idempotency-Key': 'still-running' } })
      held.hold()
      const first = ask()
      await held.begun
      const second = await ask()
      expect(second).toMatchObject(running)
      expect(second.headers.get('retry-after')).toBe('1')
      expect(second.headers.get('x-should-retry')).not.toBe('false')
      expect(second.headers.has('idempotent-replayed')).toBe(false)
      release()
      const { status, text } = await first
      expect(status).toBe(200)
      const third = await ask()
      expect([third.text, third.headers.get('idempotent-replayed')]).toEqual([text, 'true'])
      await assembled.stop()
    },
  )

  test.each(endpoints.map((endpoint) => [endpoint.name, endpoint] as const))(
    '%s: after its lease, a request is refused; the request that took over keeps its response',
    async (_name, { request, running }) => {
      const { assembled, held, release } = await startHeld()
      const { path, ...options } = await request(assembled)
      const ask = () =>
        assembled.call(path, { ...options, headers: { ...bearer(hostKey), 'Idempotency-Key': 'lost-lease' } })
      held.hold()
      const first = ask()
      await held.begun
      assembled.clock.advance(leaseMilliseconds)
      const second = await ask()
      expect(second.status).toBe(200)
      release()
      // a redeem checks whether the token was used before it checks its key
      expect(await first).toMatchObject(path === paths.redeem ? { status: 422 } : running)
      const third = await ask()
      expect([third.text, third.headers.get('idempotent-replayed')]).toEqual([second.text, 'true'])
      await assembled.stop()
    },
  )

  test("422 IDEMPOTENCY_INVALID_REUSE for another request under the key: waiting wouldn't help", async () => {
    const [first, second] = await pipeline(server.url, [card('running-other'), card('running-other', 'SET_PIN')])
    expect(first?.status).toBe(200)
    expect(await second?.json()).toMatchObject({ code: 'IDEMPOTENCY_INVALID_REUSE', status: 422 })
    expect(second?.headers.has('retry-after')).toBe(false)
  })

  test('a refusal leaves no key behind, even for concurrent duplicates', async () => {
    const refused = { ...card('running-refused'), path: cardPath(acme.newCard, 'REVEAL') }
    const responses = await pipeline(server.url, Array<PipelinedRequest>(5).fill(refused))
    for (const response of responses) {
      const { code } = await response.json()
      expect(['INVALID_STATUS', 'IDEMPOTENCY_CONCURRENT_USE']).toContain(code)
    }
    expect(responses[0]?.headers.get('retry-after')).toBeNull()
    const free = await server.get(cardPath(acme.activeCard, 'REVEAL'), keyed('running-refused'))
    expect(free.status).toBe(200)
  })
})
