import { createHallpassClient } from '@hallpass/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoFolder } from '../../testing/demo-folder.js'
import { startDemo, type TestDemo } from '../../testing/start-demo.js'

// these tests don't need the built pages
const pages = { webFolder: `${demoFolder}src/web`, widgetsFolder: `${demoFolder}src/widgets` }

let demo: TestDemo
beforeAll(async () => {
  demo = await startDemo(pages)
})
afterAll(() => demo.stop())

const send = (operation: string, init: RequestInit = {}, at = demo) =>
  fetch(`${at.demoUrl}/api/console/trpc/${operation}`, init)
const as = (key: string) => ({ Authorization: `Bearer ${key}` })
const create = (headers: Record<string, string>) =>
  send('admin.apiKeys.create', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ name: 'nightly', scopes: ['admin'] }),
  })

describe('/api/console/trpc/<operation>', () => {
  test("forwards reads, writes and refusals for the console's client", async () => {
    const clientOf = (apiKey: string) => createHallpassClient({ baseUrl: `${demo.demoUrl}/api/console`, apiKey })
    const { admin } = clientOf(demo.shop.consoleKey)
    await admin.apiKeys.create({ name: 'backup job', scopes: ['admin'] })
    const { data } = await admin.apiKeys.list({ limit: 100 })
    expect(data.map(({ name }) => name)).toContain('backup job')
    await expect(clientOf(demo.shop.widgetHostKey).admin.apiKeys.list({})).rejects.toMatchObject({
      reason: 'insufficient_scope',
    })
    await expect(clientOf('sk_test_unknown').admin.apiKeys.list({})).rejects.toMatchObject({
      reason: 'unauthenticated',
      details: { status: 401 },
    })
  })

  test('forwards the idempotency key, so a retry creates nothing twice', async () => {
    const headers = { ...as(demo.shop.consoleKey), 'Idempotency-Key': 'console-made-this' }
    const first = await create(headers)
    expect(first.status).toBe(200)
    expect(await (await create(headers)).text()).toBe(await first.text())
  })

  test('401 without a key, because it adds none', async () => {
    expect((await create({})).status).toBe(401)
    expect((await send('admin.apiKeys.list', { headers: { Authorization: 'Bearer ' } })).status).toBe(401)
  })

  test.each([
    'bridge.initialize',
    'tokens.redeem',
    'visitor.guest',
    'admin',
    'admin.%2e%2e%2fhealth',
    'admin.a,tokens.revoke',
  ])('404 for %s, which is not an admin operation', async (operation) => {
    const answer = await send(operation, { method: 'POST', headers: as(demo.shop.consoleKey) })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ refusal: { reason: 'not_found' } })
  })

  test('403 for a page of another origin', async () => {
    const headers = { ...as(demo.shop.consoleKey), Origin: 'https://attacker.test' }
    expect((await send('admin.apiKeys.list', { headers })).status).toBe(403)
  })

  test("502 when Hallpass doesn't respond", async () => {
    const other = await startDemo(pages)
    await other.stopHallpass()
    const answer = await send('admin.apiKeys.list', { headers: as(other.shop.consoleKey) }, other)
    expect([answer.status, await answer.json()]).toMatchObject([502, { refusal: { reason: 'network' } }])
    await other.stop()
  })
})
