import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClient } from './support/client.js'
import { startNginx } from './support/nginx.js'

/** Every request that reached a replica. Each one breaks the connection, as if the replica had been killed. */
const got: string[] = []
const replicas = [1, 2, 3].map(() =>
  createServer(({ method, url = '' }, response) => {
    if (url === '/health/ready') return response.end()
    got.push(`${method} ${url}`)
    return response.destroy()
  }),
)
const folder = mkdtempSync(join(tmpdir(), 'hallpass-nginx-'))
const client = createClient()
let nginx: Awaited<ReturnType<typeof startNginx>>
beforeAll(async () => {
  const urls = replicas.map(async (replica) => {
    await once(replica.listen(0, '127.0.0.1'), 'listening')
    const address = replica.address()
    // a server that listens on a port has an address of this type
    return `http://127.0.0.1:${(address as { port: number }).port}`
  })
  nginx = await startNginx(folder, await Promise.all(urls))
})
beforeEach(async () => {
  // nginx skips a replica for a second after a failure, and counts whole seconds
  await delay(2_100)
  got.length = 0
})
afterAll(async () => {
  client.close()
  await nginx?.stop()
  for (const replica of replicas) replica.close()
  rmSync(folder, { recursive: true })
})

const card = '7d943c51-e4ff-4e57-9558-08cab6b963c7'

describe('nginx with examples/nginx, if a replica dies during a request', () => {
  test.each([
    ['GET', `/v1/cards/${card}/widget_token?widget_type=REVEAL`],
    ['GET', `/cards/${card}/widget_token?widget_type=REVEAL`],
    ['POST', `/v1/cards/${card}/widget_token?widget_type=REVEAL`],
    ['POST', '/v1/bridge/initialize'],
  ] as const)('%s %s mints, so it is sent only once', async (method, path) => {
    expect((await client.send(nginx.url + path, { method })).status).toBe(502)
    expect(got).toEqual([`${method} ${path}`])
  })

  test('a GET that only reads is retried on the next replica', async () => {
    const path = '/api/v1/widget/config?client_key=pk_test_acme'
    expect((await client.send(nginx.url + path, { method: 'GET' })).status).toBe(502)
    expect(got).toEqual(Array(3).fill(`GET ${path}`))
  })
})
