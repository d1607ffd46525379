import { get, type IncomingMessage } from 'node:http'
import type { WidgetSession } from '@hallpass/contracts'
import { revocationStreamPath } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { describe, expect, type TestContext, test } from 'vitest'
import { freePort } from '../support/free-port.js'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, paths } from './support/fixtures/mint.js'
import { openWebSocket, startHeldServer } from './support/http/held-connections.js'
import { type Served, serve, writeFixture } from './support/servers/child-process.js'
import { bearer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { expectBelow } from './support/time/slowness.js'

/* `hallpass serve` in real processes, with open streams of a revocation feed. */

/** A database with the usual fixture, and a way to start servers on it that stop when the test ends. */
async function prepare({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const { path: cwd, remove } = await temporaryFolder()
  await writeFixture(cwd)
  const running: Served[] = []
  onTestFinished(async () => {
    await Promise.all(running.map((server) => server.stop('SIGKILL')))
    await remove()
  })
  return async (more: Record<string, string>) => {
    const server = await serve({ cwd, flags: { 'database-url': 'file:./x.db', fixture: './fixture.json', ...more } })
    running.push(server)
    return server
  }
}

/** Over a new connection, so that workers take turns. */
const post = (server: Served, path: string, body: object | URLSearchParams, headers: Record<string, string>) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: {
      Connection: 'close',
      ...(body instanceof URLSearchParams ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body instanceof URLSearchParams ? body : JSON.stringify(body),
  })
const guest = async (server: Served) =>
  bodyOf<WidgetSession>(await post(server, paths.guest, { client_key: acme.clientKey }, { Origin: acme.origin }))
const revoke = async (server: Served, token: string) =>
  expect((await post(server, paths.revoke, new URLSearchParams({ token }), bearer(acme.key))).status).toBe(200)

/** A stream of Acme's feed, with the number of sessions in its last event. */
async function openStream(server: Served) {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(server.url + revocationStreamPath(acme.account), { agent: false }, resolve).on('error', reject),
  )
  expect(response.statusCode).toBe(200)
  let text = ''
  response.setEncoding('utf8').on('data', (part: string) => (text += part))
  const ended = new Promise<void>((resolve) => response.once('close', resolve))
  response.on('error', () => {})
  const countNamed = () => {
    const last = text
      .split('\n\n')
      .findLast((event, index, all) => index < all.length - 1 && event.startsWith('data: '))
    if (last === undefined) return 0
    const { revoked } = decodeJwt<{ revoked: Record<string, string> }>(last.slice('data: '.length))
    return Object.values(revoked).join('').length / 16
  }
  return { ended, countNamed, isOpen: () => !response.destroyed }
}

const openStreamsOf = async (url: string) =>
  /^hallpass_open_streams (\d+)$/m.exec(
    await (await fetch(`${url}/metrics`, { headers: { Connection: 'close' } })).text(),
  )?.[1]

const workersOf = (server: Served) => [...server.stderr().matchAll(/"worker":(\d+)/g)].map(([, pid]) => Number(pid))

// both mostly wait for processes
describe.concurrent('hallpass serve with open streams', () => {
  test('each worker serves the stream: it shows revocations of the others within a second', async ({
    expect,
    onTestFinished,
  }) => {
    const start = await prepare({ onTestFinished })
    const metricsPort = String(await freePort())
    const server = await start({ workers: '2', 'metrics-port': metricsPort })
    await expect.poll(() => new Set(workersOf(server)).size).toBe(2)
    const streams = await Promise.all(Array.from({ length: 6 }, () => openStream(server)))
    const metricsUrl = `http://127.0.0.1:${metricsPort}`
    await expect.poll(() => openStreamsOf(metricsUrl)).toBe('6')

    const sessions = await Promise.all(Array.from({ length: 4 }, () => guest(server)))
    for (const [index, { token }] of sessions.entries()) {
      await revoke(server, token)
      const began = performance.now()
      await expect
        .poll(() => streams.map(({ countNamed }) => countNamed()), { interval: 20 })
        .toEqual(Array(6).fill(index + 1))
      expectBelow(performance.now() - began, 1_000)
    }

    // each worker had some of them, and its own ended with it
    process.kill(workersOf(server)[0] ?? 0, 'SIGKILL')
    await expect.poll(() => new Set(streams.map(({ isOpen }) => isOpen()))).toEqual(new Set([true, false]))
    // the streams of one worker don't end at the same moment
    const countOpen = () => String(streams.filter(({ isOpen }) => isOpen()).length)
    await expect.poll(async () => (await openStreamsOf(metricsUrl)) === countOpen()).toBe(true)

    const signaledAt = performance.now()
    expect(await server.stop()).toMatchObject({ code: 0, signal: null })
    expectBelow(performance.now() - signaledAt, 3_000)
    await Promise.all(streams.map(({ ended }) => ended))
  }, 60_000)

  test('SIGTERM with an open stream exits 0 promptly; held connections outlive a short restart', async ({
    expect,
    onTestFinished,
  }) => {
    const start = await prepare({ onTestFinished })
    const flags = { port: String(await freePort()) }
    const first = await start(flags)
    let ahead = 0
    const held = await startHeldServer({ issuer: first.url, now: () => Date.now() + ahead })
    onTestFinished(held.stop)
    const [revoked, other] = [await guest(first), await guest(first)]
    const [connection, stays] = [
      await openWebSocket(held.url, revoked.token),
      await openWebSocket(held.url, other.token),
    ]
    const stopPromptly = async (server: Served) => {
      await expect.poll(() => openStreamsOf(server.url), { timeout: 30_000 }).toBe('1')
      const signaledAt = performance.now()
      expect(await server.stop()).toMatchObject({ code: 0, signal: null })
      expectBelow(performance.now() - signaledAt, 3_000)
      expect([connection.isOpen(), stays.isOpen()]).toContain(true)
    }
    await stopPromptly(first)

    const second = await start(flags)
    await revoke(second, revoked.token)
    expect((await connection.ended).how).toEqual([4401, 'revoked'])
    expect(stays.isOpen()).toBe(true)

    await stopPromptly(second)
    // as if it had been gone for the maximum staleness
    ahead = 300_000
    expect((await stays.ended).how).toEqual([1013, 'unavailable'])
  }, 90_000)
})
