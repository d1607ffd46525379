import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { type AddressInfo, connect, createServer as createSocketServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createServer, loadConfig } from '@hallpass/server'
import { describe, expect, type TestContext, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { expectNoStart, type Served, serve, stopAtStart, writeFixture } from './support/servers/child-process.js'
import { bearer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { untilStopping } from './support/servers/until-stopping.js'
import { expectBelow, slowness, startTimeLimit } from './support/time/slowness.js'

const flags = { 'database-url': 'file:./x.db', fixture: './fixture.json' }

/** Creates a folder for one test, because tests run concurrently here, and returns a way to start servers in it. */
async function openFolder({ onTestFinished }: TestContext) {
  const { path, remove } = await temporaryFolder()
  const running: Served[] = []
  onTestFinished(async () => {
    await Promise.all(running.map((server) => server.stop('SIGKILL')))
    await remove()
  })
  await writeFixture(path)
  const start = async (more: Readonly<Record<string, string>> = {}): Promise<Served> => {
    const server = await serve({ cwd: path, flags: { ...flags, ...more } })
    running.push(server)
    return server
  }
  return { path, start }
}

const body = JSON.stringify({ customer_id: acme.customer })

/** A raw connection with an incomplete request, whose headers the server has read. */
async function beginRequest(server: Served): Promise<{ finish: () => Promise<string>; socket: Socket }> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  const lines = [
    `POST ${paths.bridge} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${acme.key}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  expect(String(await once(socket, 'data'))).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  socket.write(body.slice(0, 10))
  return {
    socket,
    finish: async () => {
      let text = ''
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      socket.write(body.slice(10))
      await once(socket, 'close')
      return text
    },
  }
}

/** GET over one keep-alive connection. Returns the status and the Connection header. */
function get(agent: Agent, url: string): Promise<[status: number | undefined, connection: string | undefined]> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { agent }, (response) => {
      response.resume().on('end', () => resolve([response.statusCode, response.headers.connection]))
    })
      .on('error', reject)
      .end()
  })
}

describe.concurrent('hallpass serve that is stopped before it has its database', () => {
  const env = {
    HALLPASS_MASTER_KEY: 'kq3vVYxw0e8gS1Bz6mJtR9hDcLnA2uPfXoIyWbE4ZQc',
    HALLPASS_PUBLIC_URL: 'https://x.example',
  }

  test.for(['one that does not respond', 'one that does not exist'])(
    '%s: exits with 0 at once, and never reports that it listens',
    async (database, context) => {
      const { path } = await openFolder(context)
      const silent = createSocketServer()
      silent.listen(0, '127.0.0.1')
      await once(silent, 'listening')
      const isThere = database === 'one that does not respond'
      const port = isThere ? (silent.address() as AddressInfo).port : 1
      const server = {
        cwd: path,
        env,
        flags: { 'database-url': `postgres://hallpass@127.0.0.1:${port}/hallpass` },
      }
      const exit = await stopAtStart(server, (child) =>
        isThere ? once(silent, 'connection') : once(child.stderr ?? child, 'data'),
      )
      silent.close()
      expect(exit).toMatchObject({ code: 0, stdout: '' })
      expectBelow(exit.milliseconds, 2_500)
    },
  )
})

const bridge = (server: Served, idempotencyKey?: string) =>
  fetch(server.url + paths.bridge, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      // an idle connection would be closed while the next request uses it
      Connection: 'close',
      ...bearer(acme.key),
      ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
    },
    body,
  })

/** Runs `work` and expects it to finish within this many milliseconds, or proportionally longer on a busy machine. */
async function expectWithin<T>(limit: number, work: () => Promise<T>): Promise<T> {
  const expectInTime = startTimeLimit(limit)
  const result = await work()
  expectInTime()
  return result
}

describe.concurrent('hallpass serve on SIGTERM', () => {
  const signal = 'SIGTERM'

  test('closes idle connections; a restarted server finishes its requests and exits 0 in 10 s', async (context) => {
    const { start } = await openFolder(context)
    const first = await start()
    const idle = new Agent({ keepAlive: true })
    await get(idle, `${first.url}/health/live`)
    expect(await expectWithin(5_000, () => first.stop(signal))).toMatchObject({ code: 0 })
    idle.destroy()

    const server = await start()
    expect((await bridge(server)).status, 'with the database of the first').toBe(200)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect(await get(agent, `${server.url}/health/ready`)).toEqual([200, 'keep-alive'])
    const request = await beginRequest(server)
    await expectWithin(10_000, async () => {
      const exited = server.stop(signal)
      await untilStopping(server)
      expect(await get(agent, `${server.url}/health/ready`)).toEqual([503, 'close'])
      const answer = await request.finish()
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
      expect(answer).toMatch(/\r\nConnection: close\r\n/i)
      expect(answer).toContain('"bridge_token"')
      expect(await exited).toMatchObject({ code: 0, signal: null })
    })
    agent.destroy()
  })
})

describe.concurrent.each(['SIGTERM', 'SIGINT'] as const)('hallpass serve on %s', (signal) => {
  test('exits with 0 in 10 s even if a request never finishes', async (context) => {
    const { start } = await openFolder(context)
    const server = await start()
    const { socket } = await beginRequest(server)
    socket.on('error', () => {})
    expect(await expectWithin(10_000, () => server.stop(signal))).toMatchObject({ code: 0, signal: null })
    socket.destroy()
  })

  test('exits at once on a second signal', async (context) => {
    const { start } = await openFolder(context)
    const server = await start()
    const { socket } = await beginRequest(server)
    socket.on('error', () => {})
    server.process.kill(signal)
    await untilStopping(server)
    await expectWithin(1_000, () => server.stop(signal))
    socket.destroy()
  })
})

describe.concurrent('a second hallpass serve on one SQLite file', () => {
  test('fails within 2 s with one line, even by another path, and the first one keeps running', async (context) => {
    const { path, start } = await openFolder(context)
    const first = await start()
    const before = slowness()
    const { line, milliseconds } = await expectNoStart({ cwd: path, flags: { ...flags, port: '0' } })
    expect(line).toContain('x.db')
    expect(milliseconds).toBeLessThan(2_000 * Math.max(before, slowness()))
    await symlink(join(path, 'x.db'), join(path, 'link.db'))
    await expectNoStart({ cwd: path, flags: { ...flags, port: '0', 'database-url': 'file:./link.db' } })
    for (const url of [`file:${path}/x.db`, `file://${path}/x.db`, `file:${path}/./././x.db`]) {
      const config = loadConfig({ port: '0', 'log-level': 'silent', 'database-url': url }, {})
      await expect(createServer(config), url).rejects.toThrow('is in use by another process')
    }
    expect((await bridge(first)).status).toBe(200)
  })

  test('starts within 2 s after a kill -9, and an Idempotency-Key still returns the same token', async (context) => {
    const { start } = await openFolder(context)
    const tokenOf = async (server: Served) =>
      (await (await bridge(server, 'before and after')).json()).data.bridge_token
    const first = await start()
    const token = await tokenOf(first)
    expect(token).toEqual(expect.any(String))
    const before = slowness()
    await first.stop('SIGKILL')
    const second = await start()
    expect(second.readyMilliseconds).toBeLessThan(2_000 * Math.max(before, slowness()))
    expect(await tokenOf(second)).toBe(token)
  })
})

describe.concurrent('hallpass serve with settings for proxies and service managers', () => {
  test('keeps running after SIGHUP', async (context) => {
    const server = await (await openFolder(context)).start()
    server.process.kill('SIGHUP')
    await delay(300)
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
    expect(await server.stop('SIGTERM')).toMatchObject({ code: 0 })
  })

  test('closes an idle connection after --keep-alive-timeout', async (context) => {
    const server = await (await openFolder(context)).start({ 'keep-alive-timeout': '2' })
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/\r\nKeep-Alive: timeout=2\r\n/i)
    const answered = performance.now()
    await once(socket, 'close')
    expect(performance.now() - answered).toBeGreaterThan(1_800)
    expectBelow(performance.now() - answered, 6_000)
  })

  test('accepts connections for --drain-delay after it has stopped being ready', async (context) => {
    const server = await (await openFolder(context)).start({ 'drain-delay': '2' })
    const expectInTime = startTimeLimit(1_500)
    const began = performance.now()
    server.process.kill('SIGTERM')
    const isReady = async () => (await fetch(`${server.url}/health/ready`)).status === 200
    while (await isReady()) await delay(20)
    expectInTime()
    await delay(1_200 - (performance.now() - began))
    expect((await fetch(`${server.url}/health/live`, { headers: { Connection: 'close' } })).status).toBe(200)
    const { code } = await server.exited
    expect(code).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(1_990)
  })
})
