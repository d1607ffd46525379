import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BuiltPages, buildPages } from '../../testing/build-pages.js'
import { post, startDemo, type TestDemo } from '../../testing/start-demo.js'

let pages: BuiltPages
let demo: TestDemo
beforeAll(async () => {
  pages = await buildPages()
  demo = await startDemo(pages)
}, 60_000)
afterAll(async () => {
  await demo?.stop()
  await pages?.remove()
})

const act = (action: string, body?: object, headers?: Record<string, string>) =>
  post(`${demo.demoUrl}/api/${action}`, body, headers)
const visit = (endpoint: string, body: object) =>
  post(`${demo.hallpassUrl}/api/v1/widget/auth/${endpoint}`, body, { Origin: demo.demoUrl })
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
const hallpassCall = (operation: string, status = 200) => [
  expect.objectContaining({
    ...{ from: 'backend', to: 'hallpass', method: 'POST', path: `/trpc/${operation}`, operation, status },
    request: expect.objectContaining({ headers: expect.objectContaining({ authorization: 'Bearer ‹credential›' }) }),
  }),
]

describe('GET /', () => {
  test('200 with the built page, which can call only its own site and Hallpass', async () => {
    const response = await fetch(demo.demoUrl)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Security-Policy')).toBe(
      `default-src 'self'; connect-src 'self' ${demo.hallpassUrl}; frame-src ${demo.widgetsUrl} ${demo.attackerUrl}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(response.headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(response.headers.get('Cache-Control')).toBe('no-cache')
    const html = await response.text()
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
    const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(html) ?? []
    expect((await fetch(demo.demoUrl + script)).status).toBe(200)
  })

  test('404 with the page for an address that a browser opens and that has none', async () => {
    const response = await fetch(`${demo.demoUrl}/no/such/page`, { headers: { Accept: 'text/html' } })
    expect([response.status, await response.text()]).toEqual([404, await (await fetch(demo.demoUrl)).text()])
  })

  test("404 for anything that isn't part of the built page", async () => {
    const paths = ['/fixture.json', '/..%2ffixture.json', '/package.json', '/api/nothing']
    const answers = await Promise.all(paths.map(async (path) => (await fetch(demo.demoUrl + path)).status))
    expect(answers).toEqual([404, 404, 404, 404])
  })
})

describe('GET /api/settings', () => {
  test('200 with the settings of the page', async () => {
    const response = await fetch(`${demo.demoUrl}/api/settings`)
    const { hallpassUrl, widgetsUrl, attackerUrl } = demo
    expect(await response.json()).toEqual({
      ...{ hallpassUrl, widgetsUrl, attackerUrl, clientKey: 'pk_test_acme' },
      user: { id: 'user_42', display_name: 'Ada Lovelace' },
      customer: { id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', name: 'Ada Lovelace' },
      cards: [
        { id: '7d943c51-e4ff-4e57-9558-08cab6b963c7', last_four: '4242' },
        { id: 'c1b9e8a2-4f36-4a71-8a55-3d0d6f1e7b90', last_four: '1881' },
      ],
    })
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  })
})

describe('POST /api/user-token', () => {
  test("200 with a visitor token that the page exchanges, keeping the guest's visitor_id", async () => {
    const guest = await visit('guest', { client_key: 'pk_test_acme' })
    const { status, body } = await act('user-token')
    expect(status).toBe(200)
    expect(body.calls).toEqual(hallpassCall('visitor.userToken'))
    const exchange = { token: body.answer.token, session_token: guest.body.token }
    const session = await visit('exchange', exchange)
    expect(session.body).toMatchObject({
      auth_mode: 'user',
      visitor_id: guest.body.visitor_id,
      user: { id: 'user_42' },
    })
  })
})

describe('POST /api/bridge', () => {
  test("200 with a bridge token for the shop's customer", async () => {
    const { status, headers, body } = await act('bridge')
    expect(status).toBe(200)
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(body.calls).toEqual(hallpassCall('bridge.initialize'))
    expect(claimsOf(body.answer.bridge_token)).toMatchObject({ aud: 'bridge', sub: demo.shop.customer.id })
  })
})

describe('POST /api/redeem', () => {
  test('200 once, then 422 token_already_used', async () => {
    const { answer } = (await act('card-token')).body
    const body = { widget_token: answer.widget_token }
    const first = await act('redeem', body)
    expect(first.status).toBe(200)
    expect(first.body.answer).toMatchObject({ card_id: demo.shop.cards[0]?.id, widget_type: 'REVEAL' })
    const second = await act('redeem', body)
    expect(second.status).toBe(422)
    expect(second.body.refusal.reason).toBe('token_already_used')
    expect(second.body.calls).toEqual(hallpassCall('tokens.redeem', 422))
  })

  test('404 for an unknown token', async () => {
    const { status, body } = await act('redeem', { widget_token: 'x' })
    expect([status, body.refusal.reason]).toEqual([404, 'not_found'])
  })

  test.each([{}, { widget_token: '' }, { widget_token: 'x'.repeat(101) }])('400 for %o', async (body) => {
    const answer = await act('redeem', body)
    expect([answer.status, answer.body.refusal.reason]).toEqual([400, 'malformed_request'])
  })
})

test('403 for a page of another origin, which gets no token', async () => {
  for (const origin of ['https://attacker.test', 'null', demo.hallpassUrl]) {
    const { status, body } = await act('bridge', undefined, { Origin: origin })
    expect([status, body.refusal.reason, body.calls]).toEqual([403, 'origin_not_allowed', []])
  }
})

test("200 for the demo's own page, by IP address or name", async () => {
  const { port } = new URL(demo.demoUrl)
  for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
    expect((await act('bridge', undefined, { Origin: origin })).status).toBe(200)
  }
})

test("502 with one recorded call when Hallpass doesn't respond", async () => {
  const other = await startDemo(pages)
  await other.stopHallpass()
  const { status, body } = await post(`${other.demoUrl}/api/bridge`)
  expect([status, body.refusal.reason]).toEqual([502, 'network'])
  expect(body.calls).toEqual([expect.not.objectContaining({ status: expect.anything() })])
  await other.stop()
})

describe('the secret key', () => {
  test('is in no response', async () => {
    const { answer } = (await act('card-token')).body
    const redeem = { widget_token: answer.widget_token }
    const posts = [act('user-token'), act('bridge'), act('card-token'), act('redeem', redeem), act('redeem', {})]
    const gets = ['/', '/api/settings', '/api/nothing'].map(async (path) => {
      const response = await fetch(demo.demoUrl + path)
      return { headers: response.headers, text: await response.text() }
    })
    for (const { headers, text } of await Promise.all([...posts, ...gets])) {
      expect(text + JSON.stringify([...headers])).not.toMatch(/sk_(test|live)_/)
    }
  })

  test.each(['webFolder', 'widgetsFolder'] as const)('is in no file of the built pages: %s', (name) => {
    const folder = pages[name]
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(2)
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(/sk_(test|live)_/)
    }
  })
})
