import { randomUUID } from 'node:crypto'
import { wrapped } from '../scripts/wrapped.js'
import { bridgeInitialize, mintAndRedeem, refreshed } from './cases.js'
import type { Goal, Section } from './goals.js'
import { type Flow, measure, median } from './measure.js'
import { type Running, startDurableFloor, startHallpass } from './subjects.js'

const seconds = 1.5
const rounds = 3
const refreshes = 2_000
const share = 0.7

/** Durable work on one core, beside a bare server. */
export async function throughput(): Promise<Section> {
  const [sqlite, postgres] = [await throughputOn('sqlite'), await throughputOn('postgres')]
  return {
    lines: [
      '## Throughput and latency',
      '',
      '| durable work, on one core | Hallpass, per second | bare server, per second | bare ÷ Hallpass |',
      '| --- | --- | --- | --- |',
      ...sqlite.lines,
      ...postgres.lines,
      '',
      wrapped(
        'The bare server is `node:http` with one statement a call, see `bench/floors-durable.mjs`. A pair is a card token that is minted and redeemed.',
      ),
    ],
    goals: [...sqlite.goals, ...postgres.goals],
  }
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

async function throughputOn(kind: 'sqlite' | 'postgres'): Promise<Section> {
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
  const rows = [
    { what: `pairs, ${name}`, least: 5_000, ours: median(found.pairs), bare: median(found.barePairs) },
    { what: `refreshes, ${name}`, least: 6_500, ours: median(found.refreshes), bare: median(found.bareRefreshes) },
  ]
  return {
    lines: rows.map(
      ({ what, ours, bare }) => `| ${what} | ${ours.toFixed(0)} | ${bare.toFixed(0)} | ${(bare / ours).toFixed(2)} |`,
    ),
    goals: rows.map(
      ({ what, least, ours, bare }): Goal =>
        kind === 'sqlite'
          ? { name: `${what}, per second`, atLeast: least, measured: ours }
          : { name: `${what}, bare ÷ Hallpass`, atMost: 2, measured: bare / ours },
    ),
  }
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
export async function latencies(): Promise<Section> {
  const rows: string[] = []
  const goals: Goal[] = []
  const server = await startHallpass('sqlite')
  for (const [name, flow] of [
    ['bridge initialize', bridgeInitialize],
    ['card token, mint and redeem', mintAndRedeem],
  ] as const) {
    const full: number[] = []
    for (let round = 0; round <= 3; round++) full.push((await measure(server, flow, { seconds })).perSecond)
    const rate = Math.floor(Math.max(...full) * share)
    const { p50, p99 } = await measure(server, flow, { seconds: 6, rate })
    goals.push({ name: `${name}, p99 ÷ p50 at ${share * 100} % of capacity`, atMost: 3, measured: p99 / p50 })
    rows.push(`| ${name} | ${rate} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${(p99 / p50).toFixed(1)} |`)
  }
  await server.stop()
  const lines = [
    `| at ${share * 100} % of capacity, SQLite | calls/s | p50 ms | p99 ms | p99 ÷ p50 |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ]
  return { lines, goals }
}
