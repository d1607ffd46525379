import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/free-port.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { bearer } from '../system/support/servers/in-process-server.js'
import { type Client, createClient, type Heard, inParallel } from './support/client.js'
import { startFleet } from './support/fleet.js'
import { type FloodReport, type FloodRequest, startFlood } from './support/flood.js'
import { quantile, report, tally } from './support/numbers.js'

const overloadSeconds = 60
const recoverySeconds = 5
const slowClients = 1_000
/** Redeems in a second, and as many refreshes. */
const steadyRate = 50

const page = { Origin: acme.origin }
const backend = bearer(acme.key)
const invalid = new URLSearchParams({ token: 'none' })
const flood: readonly FloodRequest[] = [
  { name: 'guest', share: 13, method: 'POST', path: paths.guest, headers: page, body: { client_key: acme.clientKey } },
  {
    name: 'bridge',
    share: 4,
    method: 'POST',
    path: paths.bridge,
    headers: backend,
    body: { customer_id: acme.customer },
  },
  { name: 'card', share: 1, method: 'GET', path: cardPath(acme.activeCard, 'REVEAL'), headers: backend },
  { name: 'introspect', share: 2, method: 'POST', path: paths.introspect, headers: backend, body: invalid },
]

test.each([
  ['sqlite', 'ES256'],
  ['sqlite', 'RS256'],
  ['postgres', 'ES256'],
] as const)(
  `3 × overload for ${overloadSeconds} s on %s with %s: redeem and refresh stay fast, the rest gets 503`,
  async (database, alg) => {
    const adminPort = await freePort()
    const admin = `http://127.0.0.1:${adminPort}`
    const flags = { 'admin-port': String(adminPort), 'signing-alg': alg, 'log-level': 'warn', 'shed-after': '200' }
    const fleet = await startFleet({ database, replicas: 1, flags })
    onTestFinished(fleet.remove)
    const [server] = fleet.replicas
    const url = server?.url ?? ''
    const pid = server?.process.pid ?? 0
    pinTo(0, pid)
    pinTo(1, process.pid)
    const client = createClient(2_000)
    onTestFinished(client.close)
    const tokens = await inParallel(Array(steadyRate * 100).fill(0), 32, async () => {
      const { text } = await client.asAcme(url + cardPath(acme.activeCard, 'REVEAL'), {})
      return String(JSON.parse(text).widget_token)
    })

    const load = await startFlood(url, { connections: 4_000, requests: flood })
    onTestFinished(load.stop)
    const capacity = await measureCapacity(url)

    const steady = startSteady(client, { url, admin }, tokens)
    await load.setRate(capacity / 4)
    await delay(5_000)
    const before = { flood: await load.setRate(capacity * 3), steady: steady.take() }
    const slow = keepSlowClients(url, slowClients)
    const memory: number[] = []
    for (let second = 0; second < overloadSeconds; second++) {
      await delay(1_000)
      memory.push(residentMegabytes(pid))
    }
    const during = { flood: await load.setRate(capacity / 4), steady: steady.take() }
    await delay(recoverySeconds * 1_000)
    const recovering = { flood: await load.setRate(capacity / 4), steady: steady.take() }
    await delay(5_000)
    const after = { flood: await load.setRate(0), steady: steady.take() }
    slow.stop()
    await steady.stop()

    // garbage collections move single values by 100 MB
    const growth = quantile(memory.slice(40), 0.5) - quantile(memory.slice(20, 40), 0.5)
    for (const [phase, { flood, steady }] of Object.entries({ before, during, recovering, after }))
      report(`${phase}, ${database} ${alg}`, { ...summaryOf(steady), ...flood.heard, unsent: flood.unsent })
    report('overload', {
      capacity: Math.round(capacity),
      memory: [memory[0], Math.max(...memory), memory.at(-1)],
      growth,
      slow: slow.opened(),
      log: server
        ?.stderr()
        .split('\n')
        .map((line) => line.slice(0, 300))
        .slice(0, 20),
    })
    for (const { redeem, refresh } of [before.steady, during.steady, after.steady]) {
      expect(tally([...redeem, ...refresh].map(({ status }) => status))).toEqual({
        200: redeem.length + refresh.length,
      })
    }
    for (const kind of ['redeem', 'refresh'] as const) expect(p99(during.steady[kind])).toBeLessThanOrEqual(500)
    expect(during.steady.health.every(({ status }) => status === 200)).toBe(true)
    expect(during.steady.admin.every(({ status }) => status === 200)).toBe(true)
    expect(refused(during.flood)).toBeGreaterThan(0)
    expect([refused(before.flood), refused(after.flood)]).toEqual([0, 0])
    expect(growth).toBeLessThan(64)
  },
  240_000,
)

/** Calls in a second that the server answers if it has always something to do. */
async function measureCapacity(url: string): Promise<number> {
  const seconds = 4
  const load = await startFlood(url, { connections: 48, requests: flood })
  await load.setRate(1_000_000)
  await delay(1_000)
  await load.setRate(1_000_000)
  await delay(seconds * 1_000)
  const { heard } = await load.setRate(0)
  load.stop()
  return Object.values(heard).reduce((sum, count) => sum + count, 0) / seconds
}

interface Steady {
  readonly redeem: Heard[]
  readonly refresh: Heard[]
  readonly health: Heard[]
  readonly admin: Heard[]
}

/** Redeems and refreshes at a steady rate, with probes and an administrator. */
function startSteady(client: Client, { url, admin }: { url: string; admin: string }, tokens: string[]) {
  let heard: Steady = { redeem: [], refresh: [], health: [], admin: [] }
  let isOver = false
  const every = async (milliseconds: number, work: () => Promise<void>) => {
    while (!isOver) {
      const next = delay(milliseconds)
      await work()
      await next
    }
  }
  const redeem = async () => {
    const body = { widget_token: tokens.pop() ?? '', widget_type: 'REVEAL' }
    const response = await client.asAcme(url + paths.redeem, body)
    heard.redeem.push(response)
  }
  const session = async () => {
    const { text } = await client.send(url + paths.guest, { body: { client_key: acme.clientKey }, headers: page })
    let refresh_token = String(JSON.parse(text).refresh_token)
    await delay(Math.random() * 1_000)
    return () =>
      every(1_000, async () => {
        const response = await client.send(url + paths.refresh, { body: { refresh_token }, headers: page })
        heard.refresh.push(response)
        if (response.status === 200) refresh_token = String(JSON.parse(response.text).refresh_token)
      })
  }
  const lanes = Array.from({ length: steadyRate }, async () => {
    const refreshing = await session()
    await Promise.all([refreshing(), every(1_000, redeem)])
  })
  const probe = every(200, async () => {
    const response = await client.send(`${url}/health/ready`, { method: 'GET' })
    heard.health.push(response)
    const listed = await client.send(`${admin}/v1/admin/accounts`, { method: 'GET', headers: backend })
    heard.admin.push(listed)
  })
  return {
    take() {
      const taken = heard
      heard = { redeem: [], refresh: [], health: [], admin: [] }
      return taken
    },
    async stop() {
      isOver = true
      await Promise.all([...lanes, probe])
    },
  }
}

/** Clients that send a byte of a body every second, and come back when they are disconnected. */
function keepSlowClients(url: string, count: number) {
  const { hostname: host, port } = new URL(url)
  const head = `POST ${paths.guest} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n`
  const sockets = new Set<Socket>()
  let isOver = false
  let opened = 0
  const open = () => {
    if (isOver) return
    opened++
    const socket = connect(Number(port), host, () => socket.write(head))
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      setTimeout(open, 500)
    })
  }
  for (let index = 0; index < count; index++) open()
  const drip = setInterval(() => {
    for (const socket of sockets) socket.write('x')
  }, 1_000)
  return {
    opened: () => opened,
    stop() {
      isOver = true
      clearInterval(drip)
      for (const socket of sockets) socket.destroy()
    },
  }
}

const p99 = (heard: readonly Heard[]) =>
  quantile(
    heard.map(({ milliseconds }) => milliseconds),
    0.99,
  )

const refused = ({ heard }: FloodReport) =>
  Object.entries(heard).reduce((sum, [name, count]) => sum + (/ (503|429)$/.test(name) ? count : 0), 0)

const summaryOf = (steady: Steady) =>
  Object.fromEntries(
    Object.entries(steady).map(([name, heard]: [string, Heard[]]) => {
      const times = heard.map(({ milliseconds }) => milliseconds)
      const statuses = JSON.stringify(tally(heard.map(({ status }) => status)))
      return [name, [statuses, ...[0.5, 0.99, 1].map((part) => Math.round(quantile(times, part)))].join(' ')]
    }),
  )

/** Lets a process run on one core, if the machine can do that. */
function pinTo(core: number, pid: number): void {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)])
  } catch {
    // then the server shares its cores with the load
  }
}

/** The resident memory that Linux reports. */
function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}
