import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.js'
import { acme } from './support/fixtures/fixture.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { expectNoStart, type Served, serve, writeFixture } from './support/servers/child-process.js'
import { bearer } from './support/servers/in-process-server.js'
import { expectRefusedHere } from './support/servers/serve-in-process.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { startTimeLimit } from './support/time/slowness.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let running: Served[]
beforeEach(async () => {
  folder = await temporaryFolder()
  running = []
  await writeFixture(folder.path)
})
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop('SIGKILL')))
  await folder.remove()
})

const flags = { 'database-url': 'file:./x.db', fixture: './fixture.json', workers: '2' }

async function start(more: Record<string, string> = {}): Promise<Served> {
  const server = await serve({ cwd: folder.path, flags: { ...flags, ...more } })
  running.push(server)
  return server
}

/** Process ids of the workers, in the order in which they began to listen. */
const workersOf = (server: Served) => [...server.stderr().matchAll(/"worker":(\d+)/g)].map(([, pid]) => Number(pid))

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 500; turn++) {
    if (await what()) return
    await delay(50)
  }
  expect.fail('it did not happen within 25 s')
}

const responses = (server: Served) =>
  fetch(`${server.url}/health/ready`, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

/** Whether the tests can use port 80 on this machine, at an address where nothing else listens. */
const mayListenOn80 = await new Promise<boolean>((resolve) => {
  const server = createServer().once('error', () => resolve(false))
  server.listen(80, '127.0.80.1', () => server.close(() => resolve(true)))
})

/** Several processes start here while other tests run. */
const startMilliseconds = 20_000

/** Over a new connection, so that every worker gets some. */
const post = (server: Served, path: string, body: object, headers: Record<string, string>) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Connection: 'close', ...headers },
    body: JSON.stringify(body),
  })

describe('hallpass serve --workers 2', () => {
  test('reports once that it listens; workers share issuer, keys, limits and spent tokens', async () => {
    const [metricsPort, adminPort] = [String(await freePort()), String(await freePort())]
    const server = await start({ 'metrics-port': metricsPort, 'admin-port': adminPort })
    expect(server.stdout()).toBe(`hallpass listening on ${server.url}\n`)
    await until(() => new Set(workersOf(server)).size === 2)

    const minted = await post(server, cardPath(acme.activeCard, 'REVEAL'), {}, bearer(acme.key))
    const { widget_token } = await minted.json()
    const body = { widget_token, widget_type: 'REVEAL' }
    const redeems = await Promise.all(
      Array.from({ length: 40 }, () => post(server, paths.redeem, body, bearer(acme.key))),
    )
    expect(redeems.map(({ status }) => status).toSorted()).toEqual([200, ...Array(39).fill(422)])

    const guests = await Promise.all(
      Array.from({ length: 20 }, () =>
        post(server, paths.guest, { client_key: acme.limited }, { Origin: acme.origin }),
      ),
    )
    const sessions = guests.filter(({ status }) => status === 200)
    expect(sessions).toHaveLength(3)
    expect(guests.filter(({ status }) => status === 429)).toHaveLength(17)
    for (const session of sessions) {
      const { token } = await session.json()
      expect(JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).iss).toBe(server.url)
    }

    const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`
    const metrics = await (await fetch(metricsUrl, { headers: { Connection: 'close' } })).text()
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
    const statuses = async (url: string) => {
      const call = { headers: { ...bearer(acme.key), Connection: 'close' } }
      // several connections, so that every worker gets some
      const responses = await Promise.all(Array.from({ length: 6 }, () => fetch(`${url}/v1/admin/caller`, call)))
      return [...new Set(responses.map(({ status }) => status))]
    }
    expect(await statuses(`http://127.0.0.1:${adminPort}`)).toEqual([200])
    expect(await statuses(server.url)).toEqual([404])
    const count = (labels: string) =>
      metrics.split('\n').find((line) => line.startsWith(`hallpass_calls_total{${labels}`))
    expect(count('operation="tokens.redeem",transport="rest",status="422"')).toMatch(/ 39$/)
    expect(count('operation="visitor.guest",transport="rest",status="429"')).toMatch(/ 17$/)
    expect(await server.stop()).toMatchObject({ code: 0, signal: null })
    expect(workersOf(server).filter(isAlive)).toEqual([])
  })

  test('keeps its address, even port 80, while workers hang or die, and stops on SIGINT', async () => {
    // a URL omits this port
    const server = await start(mayListenOn80 ? { host: '127.0.80.1', port: '80' } : {})
    await until(() => workersOf(server).length === 2)

    process.kill(workersOf(server)[0] ?? 0, 'SIGSTOP')
    // workers get connections in turn, and those of the hanging worker get no response
    const asked = [1, 2].map(() =>
      fetch(`${server.url}/metrics`, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(30_000) }),
    )
    const metrics = await (await Promise.any(asked)).text()
    expect(metrics, 'the sum over the workers that respond').toContain('hallpass_http_answers_total')
    process.kill(workersOf(server)[0] ?? 0, 'SIGCONT')
    await Promise.all(asked)

    for (const victims of [1, 2]) {
      for (const pid of workersOf(server).filter(isAlive).slice(0, victims)) process.kill(pid, 'SIGKILL')
      await until(() => workersOf(server).filter(isAlive).length === 2)
      await until(() => responses(server))
    }
    expect(await server.stop('SIGINT')).toMatchObject({ code: 0, signal: null })
  }, 90_000)

  test('leaves no worker and no lock behind after a kill -9', async () => {
    const server = await start()
    await expectNoStart({ cwd: folder.path, flags: { ...flags, port: '0' } }, startMilliseconds)
    await server.stop('SIGKILL')
    await until(() => !workersOf(server).some(isAlive))
    expect((await fetch(`${(await start({ workers: '1' })).url}/health/ready`)).status).toBe(200)
  })

  test('exits at once on a second signal', async () => {
    const server = await start()
    server.process.kill('SIGTERM')
    // two signals before the first is handled would be one
    await until(async () => !(await responses(server)))
    const expectInTime = startTimeLimit(2_000)
    await server.stop('SIGTERM')
    expectInTime()
    await until(() => !workersOf(server).some(isAlive))
  })

  test('fails with one line if a worker cannot start', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    // a server that listens on a port has an address of this type
    const { port } = other.address() as AddressInfo
    const inUse = { ...flags, port: String(port), 'log-level': 'silent' }
    expect((await expectNoStart({ cwd: folder.path, flags: inUse }, startMilliseconds)).line).toMatch(
      /Port \d+ on 127\.0\.0\.1 is in use/,
    )
    other.close()
  })

  test('fails with one line for a database in memory', async () => {
    const wrong = { ...flags, port: '0', 'database-url': ':memory:' }
    const { line } = await expectNoStart({ cwd: folder.path, flags: wrong }, startMilliseconds)
    expect(line).toMatch(/--workers cannot be used with :memory:/)
  })

  test.each(['0', 'many'])('fails with one line: --workers %s', async (workers) => {
    expect((await expectRefusedHere({ cwd: folder.path, flags: { ...flags, workers } })).line).toMatch(/workers/)
  })
})
