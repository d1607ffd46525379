import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixture.js'
import { cardPath, mintCardToken, paths } from './support/mint.js'
import { type PipelinedRequest, pipeline } from './support/pipeline.js'
import { bearer, startServer, type TestServer } from './support/start-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const keyed = (key: string) => ({ ...bearer(acme.key), 'Idempotency-Key': key })

const card = (key: string, type: 'REVEAL' | 'SET_PIN' = 'REVEAL'): PipelinedRequest => ({
  method: 'GET',
  path: cardPath(acme.activeCard, type),
  headers: keyed(key),
})

const post = (path: string, key: string, body: object): PipelinedRequest => ({
  method: 'POST',
  path,
  headers: { ...keyed(key), 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})

/** Sends the same keyed request five times in one packet: the first answer, and those told that it is still running. */
async function together(request: PipelinedRequest): Promise<{ first: string; running: Response[] }> {
  const answers = await pipeline(server.url, Array<PipelinedRequest>(5).fill(request))
  const successes = await Promise.all(answers.filter(({ status }) => status === 200).map((answer) => answer.text()))
  const running = answers.filter(({ status }) => status !== 200)
  expect(successes.length + running.length).toBe(5)
  expect(new Set(successes).size).toBe(1)
  return { first: successes[0] ?? '', running }
}

describe('an Idempotency-Key whose first request is still running', () => {
  test('422 IDEMPOTENCY_CONCURRENT_USE with Retry-After: 1 on the card door, and the answer is there a moment later', async () => {
    const { first, running } = await together(card('running-card'))
    expect(running.length).toBeGreaterThan(0)
    for (const answer of running) {
      expect(answer.status).toBe(422)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.headers.has('idempotent-replayed')).toBe(false)
      expect(await answer.json()).toEqual({
        code: 'IDEMPOTENCY_CONCURRENT_USE',
        detail: expect.stringMatching(/./),
        status: 422,
      })
    }
    const again = await server.get(cardPath(acme.activeCard, 'REVEAL'), keyed('running-card'))
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await again.text()).toBe(first)
  })

  test('422 IDEMPOTENCY_INVALID_REUSE for another request under the key: waiting would not help', async () => {
    const [first, second] = await pipeline(server.url, [card('running-other'), card('running-other', 'SET_PIN')])
    expect(first?.status).toBe(200)
    expect(await second?.json()).toMatchObject({ code: 'IDEMPOTENCY_INVALID_REUSE', status: 422 })
    expect(second?.headers.has('retry-after')).toBe(false)
  })

  test('a refusal leaves no key behind, also for those that came while it was being refused', async () => {
    const refused = { ...card('running-refused'), path: cardPath(acme.newCard, 'REVEAL') }
    const answers = await pipeline(server.url, Array<PipelinedRequest>(5).fill(refused))
    for (const answer of answers) {
      const { code } = await answer.json()
      expect(['INVALID_STATUS', 'IDEMPOTENCY_CONCURRENT_USE']).toContain(code)
    }
    expect(answers[0]?.headers.get('retry-after')).toBeNull()
    const free = await server.get(cardPath(acme.activeCard, 'REVEAL'), keyed('running-refused'))
    expect(free.status).toBe(200)
  })

  // one process answers a request with a body before it reads the next one's: there it is all replays
  test('409 with Retry-After: 1 on the bridge door, or the first answer', async () => {
    const { first, running } = await together(post(paths.bridge, 'running-bridge', { customer_id: acme.customer }))
    expect(JSON.parse(first).data.bridge_token).toMatch(/./)
    for (const answer of running) {
      expect(answer.status).toBe(409)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.headers.get('x-should-retry')).not.toBe('false')
      expect(await answer.json()).toMatchObject({ error: { status: 409, type: '/conflict', title: 'Conflict' } })
    }
  })

  test('422 IDEMPOTENCY_CONCURRENT_USE on the redeem door, or the first answer', async () => {
    const body = { widget_token: await mintCardToken(server), widget_type: 'REVEAL' }
    const { first, running } = await together(post(paths.redeem, 'running-redeem', body))
    expect(JSON.parse(first).card_id).toBe(acme.activeCard)
    for (const answer of running) {
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(await answer.json()).toMatchObject({ code: 'IDEMPOTENCY_CONCURRENT_USE', status: 422 })
    }
  })
})
