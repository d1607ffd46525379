import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { accountRevocationsPath } from '@hallpass/contracts/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { mintGuest } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'
import { expectBelow } from './support/time/slowness.js'
import { startWorkerd, type Workerd } from './support/workerd/start-workerd.js'

const server = withServer()

/** How the issuer's revocation feed answers: at once, or not before it is released. */
const feed = { isHeld: false, held: [] as ServerResponse[], requests: 0, delivered: 0 }

const issuer = createServer(async ({ url = '' }, response) => {
  const { status, body } = await answerOf(url)
  if (!url.includes('revocations')) return void response.writeHead(status).end(body)
  feed.requests += 1
  response.on('finish', () => {
    feed.delivered += 1
  })
  response.writeHead(status)
  if (feed.isHeld) {
    feed.held.push(response)
    response.flushHeaders()
  } else response.end(body)
})

async function answerOf(path: string) {
  const response = await server.get(path)
  return { status: response.status, body: await response.text() }
}

let workerd: Workerd
let call: Omit<Parameters<Workerd['verify']>[0], 'ahead' | 'waits'>
beforeAll(async () => {
  issuer.listen(0, '127.0.0.1')
  await once(issuer, 'listening')
  workerd = await startWorkerd()
  const { port } = issuer.address() as AddressInfo
  const { token } = await mintGuest(server)
  call = { issuer: server.url, baseUrl: `http://127.0.0.1:${port}`, account: acme.account, token }
})
afterAll(async () => {
  await workerd?.stop()
  issuer.close()
  issuer.closeAllConnections()
})

/** Starts a refresh of the feed in the background of a call, whose response the issuer holds. */
async function refreshInBackground(waits: boolean): Promise<void> {
  feed.isHeld = false
  expect(await workerd.verify({ ...call, waits, ahead: 0 })).toBe('ok')
  Object.assign(feed, { isHeld: true, held: [], requests: 0, delivered: 0 })
  expect(await workerd.verify({ ...call, waits, ahead: 7_000 })).toBe('ok')
}

describe('a verifier in workerd', () => {
  test('answers every later call if the runtime drops a refresh once the response is sent', async () => {
    await refreshInBackground(false)
    feed.isHeld = false
    const started = performance.now()
    const later = { ...call, waits: false, ahead: 12_500 }
    expect(await Promise.all([later, later, later].map(workerd.verify))).toEqual(['ok', 'ok', 'ok'])
    expectBelow(performance.now() - started, 8_000)
    // steady traffic doesn't keep the feed from being refreshed
    for (let ahead = 13_000; ahead < 26_000; ahead += 3_000) {
      expect(await workerd.verify({ ...call, waits: false, ahead })).toBe('ok')
    }
    expect(feed.delivered).toBeGreaterThan(0)
  })

  test('keeps the refresh alive with waitUntil, so later calls neither wait nor ask again', async () => {
    await refreshInBackground(true)
    const { body } = await answerOf(accountRevocationsPath(acme.account))
    await expect.poll(() => feed.held).toHaveLength(1)
    for (const response of feed.held) response.end(body)
    await expect.poll(() => feed.delivered).toBe(1)
    expect(await workerd.verify({ ...call, waits: true, ahead: 12_500 })).toBe('ok')
    expect(feed.requests).toBe(1)
  })
})
