import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { withServer } from './support/servers/with-server.js'
import { expectBelow } from './support/time/slowness.js'

const bundle = '/docs/swagger-ui-bundle.js'
const requests = 400

const server = withServer({
  connectionLimits: { headersTimeout: 300, requestTimeout: 600, unreadTimeout: 1_000, checkInterval: 50 },
})

async function dial(): Promise<Socket> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const pipelined = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(requests)

describe('many requests sent at once', () => {
  test('responses that are not read take no extra memory, and their connection is closed', async () => {
    await server.get(bundle)
    const before = process.memoryUsage().arrayBuffers
    const sockets = await Promise.all(Array.from({ length: 4 }, dial))
    for (const socket of sockets) socket.pause().write(pipelined(bundle))
    let most = 0
    let slowest = 0
    const closed = Promise.all(
      // the server may close it with a reset, which is an error here
      sockets.map((socket) => new Promise((resolve) => socket.on('error', () => {}).once('close', resolve))),
    )
    for (let turn = 0; turn < 20; turn++) {
      const began = performance.now()
      expect((await server.get('/health/live')).status).toBe(200)
      slowest = Math.max(slowest, performance.now() - began)
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      await delay(25)
    }
    expect(most).toBeLessThan(20_000_000)
    expectBelow(slowest, 500)
    // paused sockets notice their end only when they read
    await delay(3_000)
    for (const socket of sockets) socket.resume()
    await closed
    expect(sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0)).toBeLessThan(4 * requests * 100_000)
  })

  test('all get their responses once those are read', async () => {
    const socket = await dial()
    let received = 0
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1').match(/HTTP\/1\.1 200/g)?.length ?? 0
    })
    socket.write(pipelined('/health/live'))
    await expect.poll(() => received).toBeGreaterThanOrEqual(requests - 5)
    socket.destroy()
  })
})

describe('an idle connection', () => {
  test('is closed if it was never used, and stays open otherwise', async () => {
    const [idle, used] = [await dial(), await dial()]
    used.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(used, 'data')
    await once(idle.resume(), 'close')
    await delay(400)
    expect(used.readyState).toBe('open')
    used.destroy()
  })
})
