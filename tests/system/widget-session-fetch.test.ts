import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SimulatedBrowser, type SimulatedTab, simulateBrowser } from './support/clients/simulated-tabs.js'
import { introspect, revoke } from './support/fixtures/mint.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

const minute = 60_000

let server: TestServer
let resources: Server
let origin: string
/** What reached the resource server: the token and the body. */
let seen: { readonly token: string; readonly body: string }[]
let browser: SimulatedBrowser
let tab: SimulatedTab

beforeAll(async () => {
  server = await startServer()
  resources = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    seen.push({ token, body })
    const { active } = request.url === '/never' ? { active: false } : await introspect(server, token)
    response.writeHead(active ? 200 : 401).end(active ? 'welcome' : 'no')
  }).listen(0, '127.0.0.1')
  await once(resources, 'listening')
  origin = `http://127.0.0.1:${(resources.address() as AddressInfo).port}`
})
afterAll(async () => {
  resources.closeAllConnections()
  resources.close()
  await server.stop()
})
beforeEach(async () => {
  seen = []
  browser = simulateBrowser(server)
  tab = browser.open({ resourceOrigins: [origin] })
  const begun = tab.session.begin()
  await browser.time.pass(1_000)
  await begun
})

/** The response to a call with the session, while time advances as needed. */
async function call(path: string, init?: RequestInit): Promise<{ status: number; text: string }> {
  const answer = tab.session.fetchWithSession(origin + path, init)
  answer.catch(() => {})
  await browser.time.pass(2_000)
  const { status } = await answer
  return { status, text: await (await answer).text() }
}

const refreshes = () => browser.calls.filter(({ endpoint }) => endpoint === 'refresh').length

describe('fetchWithSession', () => {
  test('sends the token', async () => {
    expect(await call('/messages')).toEqual({ status: 200, text: 'welcome' })
    expect(seen).toEqual([{ token: await tab.session.token(), body: '' }])
  })

  test('responds to a 401 with one refresh and one retry, with the same body', async () => {
    // the service's time is ahead, so the page does not know that its token has expired
    server.clock.advance(16 * minute)
    expect(await call('/messages', { method: 'POST', body: 'hello' })).toEqual({ status: 200, text: 'welcome' })
    expect(seen.map(({ body }) => body)).toEqual(['hello', 'hello'])
    expect(seen[0]?.token).not.toBe(seen[1]?.token)
    expect(refreshes()).toBe(1)
  })

  test('returns a second 401', async () => {
    expect(await call('/never')).toEqual({ status: 401, text: 'no' })
    expect(seen).toHaveLength(2)
    expect(refreshes()).toBe(1)
  })

  test('detects a revoked session, in all tabs', async () => {
    const other = browser.open()
    await browser.time.pass(1_000)
    await revoke(server, await tab.session.token())
    expect(await call('/messages')).toEqual({ status: 401, text: 'no' })
    expect(tab.events).toEqual(['ready', 'revoked'])
    expect(other.events).toEqual(['ready', 'revoked'])
  })

  test('returns the 401 while the service is unreachable, and no one is logged out', async () => {
    server.clock.advance(16 * minute)
    const answer = tab.session.fetchWithSession(`${origin}/messages`)
    await expect.poll(() => seen.length).toBe(1)
    browser.network = 503
    await browser.time.pass(3_000)
    expect((await answer).status).toBe(401)
    expect(tab.session.state()).toMatchObject({ status: 'ready', error: { reason: 'unavailable' } })
  })

  test('returns the 401 without a refresh if the page was closed meanwhile', async () => {
    server.clock.advance(16 * minute)
    const answer = tab.session.fetchWithSession(`${origin}/messages`)
    tab.close()
    await browser.time.pass(2_000)
    expect((await answer).status).toBe(401)
    expect(refreshes()).toBe(0)
  })

  test.each(['https://attacker.example/', 'http://localhost:1/'])(
    'does not send the token to %s, which was not configured',
    async (url) => {
      const before = browser.calls.length
      await expect(tab.session.fetchWithSession(url)).rejects.toMatchObject({ reason: 'target_not_allowed' })
      expect(browser.calls.length).toBe(before)
    },
  )
})
