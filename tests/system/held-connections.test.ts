import { once } from 'node:events'
import { get as httpGet } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { cutFetch } from './support/http/cut-fetch.js'
import { openEvents, openSocketIo, openWebSocket, startHeldServer } from './support/http/held-connections.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'
import { startTimeLimit } from './support/time/slowness.js'

const streamPath = `/.well-known/revocations/${acme.account}/stream`
const network = cutFetch()

let server: TestServer
let held: Awaited<ReturnType<typeof startHeldServer>>
/** Tests how a connection ends if its feed becomes too old, which takes as long as all other tests together. */
let aged: Promise<unknown>
beforeAll(async () => {
  server = await startServer({ hostClock: systemClock })
  held = await startHeldServer({ issuer: server.url, fetch: network.fetch })
  aged = growOld()
})
afterAll(async () => {
  await held.stop()
  await server.stop()
})

interface Session {
  readonly token: string
  readonly refresh_token: string
}

async function growOld(): Promise<unknown> {
  const strict = cutFetch()
  let ahead = 0
  const other = await startHeldServer({ issuer: server.url, fetch: strict.fetch, now: () => Date.now() + ahead })
  const connection = await openWebSocket(other.url, (await guest()).token)
  strict.cut()
  // a feed signed now would be too old in 5 s
  ahead = (300 - 5) * 1000
  const { how } = await connection.ended
  await other.stop()
  return how
}

const guest = async (): Promise<Session> =>
  (await server.postFromShop(paths.guest, { client_key: acme.clientKey })).json()
const revoke = (token: string) => server.postForm(paths.revoke, { token })

describe('an open connection ends if its token is revoked', () => {
  test.each([
    ['a WebSocket, with code 4401 and the reason', openWebSocket, [4401, 'revoked']],
    ['a Socket.IO socket, with the reason', openSocketIo, { reason: 'revoked' }],
    ['an event stream, with a final event', openEvents, 'event: end\ndata: {"reason":"revoked"}\n\n'],
  ] as const)('%s; others stay open', async (_, open, how) => {
    const [revoked, other] = [await guest(), await guest()]
    const connection = await open(held.url, revoked.token)
    const stays = await open(held.url, other.token)
    const expectInTime = startTimeLimit(2_000)
    await revoke(revoked.token)
    expect((await connection.ended).how).toEqual(how)
    expectInTime()
    expect(stays.isOpen()).toBe(true)
    stays.close()
    await stays.ended.catch(() => {})
  })

  test('a connection with a revoked token is not opened', async () => {
    const { token } = await guest()
    // while any connection is held, the stream keeps the verifier up to date
    const other = await openWebSocket(held.url, (await guest()).token)
    const first = await openWebSocket(held.url, token)
    await revoke(token)
    await first.ended
    await expect(openWebSocket(held.url, token)).rejects.toThrow('401')
    await expect(openEvents(held.url, token)).rejects.toThrow('401')
    await expect(openSocketIo(held.url, token)).rejects.toMatchObject({ data: { reason: 'revoked' } })
    other.close()
  })
})

test('a WebSocket continues with the refreshed token of its session, and with no other', async () => {
  const [first, otherSession] = [await guest(), await guest()]
  const connection = await openWebSocket(held.url, first.token)
  const refreshed: Session = await (
    await server.postFromShop(paths.refresh, { refresh_token: first.refresh_token })
  ).json()
  expect(await connection.send(otherSession.token)).toBe('wrong_subject')
  expect(await connection.send(refreshed.token)).toBe('renewed')
  await revoke(refreshed.token)
  expect((await connection.ended).how).toEqual([4401, 'revoked'])
})

test('all connections share one stream, which closes with the last of them', async () => {
  const before = network.asked.filter((path) => path === streamPath).length
  const connections = []
  for (let count = 0; count < 5; count++) connections.push(await openWebSocket(held.url, (await guest()).token))
  expect(network.asked.filter((path) => path === streamPath)).toHaveLength(before + 1)
  for (const connection of connections) connection.close()
  await Promise.all(connections.map(({ ended }) => ended))
  const asked = network.asked.length
  await delay(2_500)
  expect(network.asked).toHaveLength(asked)
})

describe('while the feed is unreachable', () => {
  test('connections survive a short cut, and one revoked during it closes afterwards', async () => {
    const [revoked, other] = [await guest(), await guest()]
    const connection = await openWebSocket(held.url, revoked.token)
    const stays = await openWebSocket(held.url, other.token)
    network.cut()
    await revoke(revoked.token)
    await delay(1_500)
    expect([connection.isOpen(), stays.isOpen()]).toEqual([true, true])
    network.mend()
    expect((await connection.ended).how).toEqual([4401, 'revoked'])
    expect(stays.isOpen()).toBe(true)
    stays.close()
  })

  test('connections close after the maximum staleness, and can be opened again later', async () => {
    expect(await aged).toEqual([1013, 'unavailable'])
  })
})

describe(`GET ${streamPath}`, () => {
  test('is readable by every page, and disables caching and buffering', async () => {
    const leaving = new AbortController()
    const { status, headers } = await fetch(server.url + streamPath, { signal: leaving.signal })
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
    })
    leaving.abort()
  })

  test('404 for an invalid account id; 405 for other methods', async () => {
    expect((await server.get('/.well-known/revocations/unknown/stream')).status).toBe(404)
    expect((await fetch(server.url + streamPath, { method: 'POST' })).status).toBe(405)
  })

  test('503 beyond the number of streams per address, until one closes', async () => {
    const small = await startServer({ hostClock: systemClock, connectionLimits: { connections: 40 } })
    const requests = await Promise.all(Array.from({ length: 3 }, () => openRaw(small.url + streamPath)))
    const refused = await fetch(small.url + streamPath)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
    await refused.text()
    requests[0]?.destroy()
    await expect.poll(async () => (await openRaw(small.url + streamPath)).statusCode).toBe(200)
    await small.stop()
  })

  test('is closed if there are too many connections', async () => {
    const small = await startServer({ hostClock: systemClock, connectionLimits: { connections: 20 } })
    const stream = await openRaw(small.url + streamPath)
    // with a reset, which is an error to once()
    const ended = new Promise((resolve) => stream.resume().once('close', resolve))
    const { hostname, port } = new URL(small.url)
    const requests = Array.from({ length: 19 }, () => connect(Number(port), hostname).on('error', () => {}))
    await ended
    for (const request of requests) request.destroy()
    await small.stop()
  })

  test('closes when the server stops', async () => {
    const stopping = await startServer({ hostClock: systemClock })
    const response = await openRaw(stopping.url + streamPath)
    const ended = once(response.resume(), 'end')
    const expectInTime = startTimeLimit(3_000)
    await stopping.stop()
    await ended
    expectInTime()
  })
})

function openRaw(url: string) {
  return new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    httpGet(url, { agent: false }, (response) => resolve(response.on('error', () => {}))).on('error', reject)
  })
}
