import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { paths } from '../system/support/fixtures/mint.js'
import type { Served } from '../system/support/servers/child-process.js'
import { expectBelow } from '../system/support/time/slowness.js'
import { type Client, createClient } from './support/client.js'
import { type Fleet, isRunning, startFleet } from './support/fleet.js'
import { quantile, report } from './support/numbers.js'

/** The server's total memory limit, and the part of it for V8. */
const memoryMegabytes = 256
const heapMegabytes = 128
const worstMilliseconds = 500
const attackMilliseconds = 8_000

let fleet: Fleet
let server: Served
let client: Client
beforeAll(async () => {
  const env = { NODE_OPTIONS: `--max-old-space-size=${heapMegabytes}` }
  fleet = await startFleet({ database: 'sqlite', replicas: 0, env })
  server = await fleet.start()
  client = createClient(4)
})
afterAll(async () => {
  client.close()
  await fleet.remove()
})

const bundle = '/docs/swagger-ui-bundle.js'
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
const post = `POST ${paths.guest} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`

/** What an attacker sends on each connection without reading a response. */
const attacks: readonly { name: string; connections: number; bytes: string }[] = [
  { name: '400 requests for a large document', connections: 50, bytes: get(bundle).repeat(400) },
  { name: '2,400 short requests in one packet', connections: 50, bytes: get('/').repeat(2_400) },
  {
    name: '2,400 requests without a Host, after a large document',
    connections: 50,
    bytes: get(bundle).repeat(8) + 'GET / HTTP/1.1\r\n\r\n'.repeat(2_400),
  },
  { name: 'an incomplete body', connections: 500, bytes: `${post}Content-Length: 65536\r\n\r\n${'x'.repeat(60_000)}` },
  {
    name: 'a body in chunks of one byte',
    connections: 50,
    bytes: `${post}Transfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(60_000)}`,
  },
  { name: '15 KB of headers', connections: 500, bytes: `${post}X: ${'x'.repeat(15_000)}` },
  { name: 'nothing', connections: 2_000, bytes: '' },
]

describe(`a server with ${memoryMegabytes} MB of memory keeps serving others`, () => {
  test.each(attacks)('while clients that read nothing send $name', async ({ name, connections, bytes }) => {
    const attack = startAttack(connections, bytes)
    const times: number[] = []
    for (const until = performance.now() + attackMilliseconds; performance.now() < until; await delay(10)) {
      const { status, milliseconds, failure } = await client.asAcme(server.url + paths.bridge, {
        customer_id: acme.customer,
      })
      expect(status, failure).toBe(200)
      times.push(milliseconds)
    }
    attack.stop()
    const peak = megabytesOf('VmHWM')
    report(`attack: ${name}`, {
      calls: times.length,
      p50: Math.round(quantile(times, 0.5)),
      p99: Math.round(quantile(times, 0.99)),
      worst: Math.round(Math.max(...times)),
      sockets: attack.dialed(),
      residentMegabytes: megabytesOf('VmRSS'),
      peakMegabytes: peak,
    })
    expect(isRunning(server)).toBe(true)
    expect(peak).toBeLessThan(memoryMegabytes)
    expectBelow(Math.max(...times), worstMilliseconds)
  })
})

/** Keeps this many connections busy. A connection that the server closes is replaced, at most a few times a second. */
function startAttack(connections: number, bytes: string) {
  const { hostname, port } = new URL(server.url)
  const sockets = new Set<Socket>()
  let dialed = 0
  const dial = () => {
    if (sockets.size >= connections) return
    const socket = connect(Number(port), hostname).pause()
    sockets.add(socket)
    dialed++
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    if (bytes !== '') socket.write(bytes)
  }
  // open a tenth of them every 100 ms
  const timer = setInterval(() => {
    for (let count = 0; count < connections / 10; count++) dial()
  }, 100)
  return {
    dialed: () => dialed,
    stop() {
      clearInterval(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Memory as Linux reports it: `VmRSS` is the current size, `VmHWM` the peak. */
function megabytesOf(what: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8')
  return Math.round(Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024)
}
