import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { paths } from '../system/support/fixtures/mint.js'
import type { Served } from '../system/support/servers/child-process.js'
import { createClient, keepDoing } from './support/client.js'
import { startFleet } from './support/fleet.js'
import { report, tally } from './support/numbers.js'

const rounds = 20
const idleSockets = 100
const exitMilliseconds = 10_000

test.each([
  ['one process', '1'],
  ['two workers', '2'],
])(`SIGTERM ×${rounds} under load, %s: no accepted request is lost, exit 0 within 10 s`, async (_, workers) => {
  const fleet = await startFleet({ database: 'sqlite', replicas: 0, flags: { 'log-level': 'info', workers } })
  onTestFinished(fleet.remove)
  const exits: number[] = []
  let gotResponse = 0
  const failures: string[] = []
  for (let round = 0; round < rounds; round++) {
    const server = await fleet.start()
    const client = createClient()
    const heard = new Set<string>()
    const load = keepDoing(8, async () => {
      const response = await client.asAcme(server.url + paths.bridge, { customer_id: acme.customer })
      if (response.status === 200) heard.add(String(response.headers['request-id']))
      else failures.push(response.failure ?? String(response.status))
      // a server that has stopped refuses connections immediately
      if (response.status === 0) await delay(20)
    })
    const idle = await Promise.all(Array.from({ length: idleSockets }, () => openIdle(server)))
    await delay(200 + Math.random() * 500)
    const signaledAt = performance.now()
    const exit = await server.stop('SIGTERM')
    exits.push(Math.round(performance.now() - signaledAt))
    await load.stop()
    client.close()
    expect(exit).toMatchObject({ code: 0, signal: null })
    await Promise.all(idle.map((socket) => socket.destroyed || once(socket, 'close')))

    const accepted = acceptedBy(server)
    expect(accepted.length).toBeGreaterThan(0)
    expect(accepted.filter((id) => !heard.has(id))).toEqual([])
    gotResponse += heard.size
  }
  report(`SIGTERM ×${rounds}, ${workers} worker(s)`, {
    slowestExit: Math.max(...exits),
    gotResponse,
    failures: tally(failures),
  })
  expect(Math.max(...exits)).toBeLessThanOrEqual(exitMilliseconds)
  // after shutdown, connections are only refused or reset: no partial responses, no 5xx
  expect(failures.filter((failure) => !['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(failure))).toEqual([])
})

/** The requests that the server claims to have answered with 200. */
function acceptedBy(server: Served): string[] {
  return server
    .stderr()
    .split('\n')
    .filter((line) => line.includes('"route":"/v1/bridge/initialize"') && line.includes('"status":200'))
    .map((line) => JSON.parse(line).request_id)
}

/** A connection that received one response and is now idle. */
async function openIdle(server: Served): Promise<Socket> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'data')
  return socket.resume()
}
