import { randomUUID } from 'node:crypto'
import { wrapped } from '../scripts/wrapped.js'
import { bridgeInitialize, mintAndRedeem, refreshed } from './cases.js'
import { readCpuOfChildren } from './cpu.js'
import { type Flow, measure, median } from './measure.js'
import { type Running, startDurableFloor, startHallpass } from './subjects.js'

const seconds = 1.5
const rounds = 3
const refreshes = 2_000
const share = 0.7

/** What the report says about throughput, as lines of Markdown. */
export async function durable(say: (line: string) => void): Promise<string[]> {
  const rows: string[] = []
  for (const kind of ['sqlite', 'postgres'] as const) {
    rows.push(...(await throughput(kind)))
    say(`measured durable work on ${kind}`)
  }
  const latency = await latencies()
  say('measured latency')
  const scaling = await workers()
  say('measured workers')
  return [
    '| durable work, on one core | Hallpass, per second | bare server, per second | bare ÷ Hallpass |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    wrapped(
      'The bare server is `node:http` with one statement a call, see `bench/floors-durable.mjs`. A pair is a card token that is minted and redeemed.',
    ),
    '',
    ...latency,
    '',
    ...scaling,
  ]
}

const post = (path: string, body: object = {}) => ({ method: 'POST' as const, path, body: JSON.stringify(body) })

/** The same work on the bare server. */
const barePair: Flow = () => {
  let id = ''
  const keep = (_: number, body: string) => {
    id = JSON.parse(body).id
  }
  const mint = { ...post('/mint'), onResponse: keep }
  return [mint, { ...post('/redeem'), setupRequest: (made) => ({ ...made, body: JSON.stringify({ id }) }) }]
}
const bareRefresh: Flow = () => [
  { ...post('/refresh'), setupRequest: (made) => ({ ...made, body: JSON.stringify({ id: randomUUID() }) }) },
]

async function throughput(kind: 'sqlite' | 'postgres'): Promise<string[]> {
  const name = kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  const [server, bare] = [await startHallpass(kind), await startDurableFloor(kind)]
  const found: Record<'pairs' | 'barePairs' | 'refreshes' | 'bareRefreshes', number[]> = {
    pairs: [],
    barePairs: [],
    refreshes: [],
    bareRefreshes: [],
  }
  // the first round compiles the code
  for (let round = 0; round <= rounds; round++) {
    const one = {
      pairs: (await measure(server, mintAndRedeem, { seconds })).perSecond / 2,
      barePairs: (await measure(bare, barePair, { seconds })).perSecond / 2,
      refreshes: await refreshesOf(server),
      bareRefreshes: (await measure(bare, bareRefresh, { seconds })).perSecond,
    }
    if (round === 0) continue
    for (const key of Object.keys(found) as (keyof typeof found)[]) found[key].push(one[key])
  }
  await Promise.all([server.stop(), bare.stop()])
  const row = (what: string, ours: number, theirs: number) =>
    `| ${what}, ${name} | ${ours.toFixed(0)} | ${theirs.toFixed(0)} | ${(theirs / ours).toFixed(2)} |`
  return [
    row('pairs', median(found.pairs), median(found.barePairs)),
    row('refreshes', median(found.refreshes), median(found.bareRefreshes)),
  ]
}

async function refreshesOf(server: Running): Promise<number> {
  const tokens = await refreshed.prepare(server.url, refreshes)
  let used = 0
  const flow: Flow = () => [
    { ...refreshed.use(''), setupRequest: (made) => ({ ...made, ...refreshed.use(tokens[used++] ?? '') }) },
  ]
  return (await measure(server, flow, { seconds: 0, amount: refreshes })).perSecond
}

/** The latency at a part of what the server can do. */
async function latencies(): Promise<string[]> {
  const rows: string[] = []
  const server = await startHallpass('sqlite')
  for (const [name, flow] of [
    ['bridge initialize', bridgeInitialize],
    ['card token, mint and redeem', mintAndRedeem],
  ] as const) {
    const full: number[] = []
    for (let round = 0; round <= 3; round++) full.push((await measure(server, flow, { seconds })).perSecond)
    const rate = Math.floor(Math.max(...full) * share)
    const { p50, p99 } = await measure(server, flow, { seconds: 6, rate })
    rows.push(`| ${name} | ${rate} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${(p99 / p50).toFixed(1)} |`)
  }
  await server.stop()
  return [
    `| at ${share * 100} % of capacity, SQLite | calls/s | p50 ms | p99 ms | p99 ÷ p50 |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ]
}

/**
 * Two workers have two cores, and the load needs one too. So this doesn't compare calls per second, which the load would
 * limit, but the CPU time of a call, and how evenly the calls are spread. The rounds alternate, because the machine is
 * not equally fast all the time.
 */
async function workers(): Promise<string[]> {
  const one = await startHallpass('postgres')
  const two = await startHallpass('postgres', { workers: 2 })
  const alone: number[] = []
  const shared: number[] = []
  const spent: number[] = [0, 0]
  for (let round = 0; round <= 2 * rounds; round++) {
    const single = await measure(one, bridgeInitialize, { seconds })
    const before = readCpuOfChildren(two.pid)
    const { calls, cpuMicroseconds: ofPrimary } = await measure(two, bridgeInitialize, { seconds, workers: 2 })
    const each = readCpuOfChildren(two.pid).map((cpu, i) => cpu - (before[i] ?? 0))
    // the first round compiles the code
    if (round === 0) continue
    alone.push(single.cpuMicroseconds)
    shared.push(each.reduce((sum, cpu) => sum + cpu, 0) / calls + ofPrimary)
    for (const [i, cpu] of each.entries()) spent[i] = (spent[i] ?? 0) + cpu
  }
  await one.stop()
  await two.stop()
  const busiest = Math.max(...spent) / spent.reduce((sum, cpu) => sum + cpu, 0)
  const [cost, costOfTwo] = [median(alone), median(shared)]
  const times = cost / costOfTwo / busiest
  return [
    wrapped(
      `Two workers answer ${times.toFixed(2)} times as many calls as one process if each has a core: a call takes ${costOfTwo.toFixed(0)} µs of CPU time instead of ${cost.toFixed(0)}, and the busier worker does ${(busiest * 100).toFixed(0)} % of the work (bridge initialize, PostgreSQL, as many connections for each). This is computed from the CPU time of the processes, so the load generator isn't the limit.`,
    ),
  ]
}
