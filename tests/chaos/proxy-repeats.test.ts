import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClient } from './support/client.js'
import { startHaproxy } from './support/haproxy.js'
import { startNginx } from './support/nginx.js'
import type { RunningProxy } from './support/run-proxy.js'

/** Every request that reached a replica. Each one breaks the connection, as if the replica had been killed. */
const got: string[] = []
const replicas = [1, 2, 3].map(() =>
  createServer(({ method, url = '' }, response) => {
    if (url === '/health/ready') return response.end()
    got.push(`${method} ${url}`)
    return response.destroy()
  }),
)
const folder = mkdtempSync(join(tmpdir(), 'hallpass-proxy-'))
const client = createClient()
const urls: string[] = []
beforeAll(async () => {
  for (const replica of replicas) {
    await once(replica.listen(0, '127.0.0.1'), 'listening')
    // a server that listens on a port has an address of this type
    urls.push(`http://127.0.0.1:${(replica.address() as { port: number }).port}`)
  }
})
beforeEach(async () => {
  // a proxy skips a replica for a second after a failure, and counts whole seconds
  await delay(2_100)
  got.length = 0
})
afterAll(async () => {
  client.close()
  for (const replica of replicas) replica.close()
  rmSync(folder, { recursive: true })
})

const card = '7d943c51-e4ff-4e57-9558-08cab6b963c7'

/** HAProxy may close a connection that was used before, instead of responding with 502. */
const failed = [502, 0]

const proxies = [
  ['nginx', startNginx],
  ['HAProxy', startHaproxy],
] as const

describe.each(proxies)('%s with its example, if a replica dies during a request', (_, start) => {
  let proxy: RunningProxy
  beforeAll(async () => {
    proxy = await start(folder, urls)
  })
  afterAll(() => proxy?.stop())

  test.each([
    ['GET', `/v1/cards/${card}/widget_token?widget_type=REVEAL`],
    ['GET', `/cards/${card}/widget_token?widget_type=REVEAL`],
    ['POST', `/v1/cards/${card}/widget_token?widget_type=REVEAL`],
    ['POST', '/v1/bridge/initialize'],
  ] as const)('%s %s mints, so without a key it is sent only once', async (method, path) => {
    expect(failed).toContain((await client.send(proxy.url + path, { method })).status)
    expect(got).toEqual([`${method} ${path}`])
  })

  test.each([
    ['GET', `/v1/cards/${card}/widget_token?widget_type=REVEAL`],
    ['POST', '/v1/bridge/initialize'],
  ] as const)('%s %s with an Idempotency-Key is retried on the next replica', async (method, path) => {
    const headers = { 'Idempotency-Key': 'a' }
    const body = method === 'POST' ? { body: { customer_id: 'x' } } : {}
    expect(failed).toContain((await client.send(proxy.url + path, { method, headers, ...body })).status)
    expect(got.length).toBeGreaterThanOrEqual(3)
    expect(new Set(got)).toEqual(new Set([`${method} ${path}`]))
  })
})

test('nginx retries a GET that only reads on the next replica', async () => {
  const nginx = await startNginx(folder, urls)
  const path = '/api/v1/widget/config?client_key=pk_test_acme'
  expect((await client.send(nginx.url + path, { method: 'GET' })).status).toBe(502)
  expect(got).toEqual(Array(3).fill(`GET ${path}`))
  await nginx.stop()
})
