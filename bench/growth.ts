import { type Case, cases } from './cases.js'
import { readCpuOfChildren, spentByChildren } from './cpu.js'
import { fill } from './fill.js'
import { acme } from './fixture.js'
import { measure } from './measure.js'
import { memoryOf, type Running, startHallpass, useSecondCore } from './subjects.js'

/*
 * `npm run bench:growth`: what a call costs, what memory the server takes and how soon it is ready, by the number of
 * customers, cards, client keys, spent tokens, ended sessions and refusals. On SQLite, or with `postgres` on PostgreSQL,
 * whose processes count too. `npm run bench:growth -- postgres 100 10000` chooses the sizes.
 */
const args = process.argv.slice(2)
const kind = args.includes('postgres') ? 'postgres' : 'sqlite'
const given = args.filter((arg) => arg !== 'postgres').map(Number)
const sizes = given.length > 0 ? given : [100, 10_000, 1_000_000]
/** Other work on the machine can only make a call look slower, so the cheapest round counts. */
const rounds = 5
const backend = { Authorization: `Bearer ${acme.key}` }
const get = (path: string) => () => [{ method: 'GET' as const, path, headers: backend }]
const lists: readonly Case[] = [
  ['list customers', '/v1/admin/customers?limit=20'],
  ['list client keys', '/v1/admin/client_keys?limit=20'],
  ['list refusals', '/v1/admin/refusals?limit=20'],
  ['list history', '/v1/admin/audit?limit=20'],
].map(([name = '', path = '']): Case => ({ name, floor: 'get', on: { 'hallpass-sqlite': get(path) } }))
const hot = ['bridge initialize', 'card token, mint and redeem, per call', 'introspect a card token', 'widget config']
const measured = [...cases.filter(({ name }) => hot.includes(name)), ...lists]

useSecondCore()
const rows: string[][] = []
for (const size of sizes) {
  const server = await startHallpass(kind, { fill: (execute) => fill(execute, kind, size) })
  process.stdout.write(`${size} rows of each kind: ready after ${server.readyCpu.toFixed(0)} ms of CPU time\n`)
  const memory = [memoryOf(server)]
  for (const [i, one] of measured.entries()) {
    rows[i] ??= [one.name]
    rows[i]?.push((await costOf(server, one)).toFixed(0))
  }
  memory.push(memoryOf(server))
  process.stdout.write(`  memory at the start and after the load: ${memory.join(' and ')} MiB\n`)
  await server.stop()
}
process.stdout.write(`\nCPU time of a call in µs, by rows of each kind\n\n| call | ${sizes.join(' | ')} |\n`)
process.stdout.write(`| --- |${' --- |'.repeat(sizes.length)}\n`)
for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`)
process.exit(0)

async function costOf(server: Running, { on, name }: Case): Promise<number> {
  const work = on['hallpass-sqlite']
  if (!work) throw new Error(`${name} has nothing to do on SQLite`)
  const samples: number[] = []
  const tokens = typeof work === 'function' ? [] : await work.prepare(server.url, 1)
  const flow = typeof work === 'function' ? work : () => [work.use(tokens[0] ?? '')]
  for (let round = 0; round <= rounds; round++) {
    const before = postgresCpuOf(server)
    const { cpuMicroseconds, calls } = await measure(server, flow, { seconds: 0, amount: 300, connections: 16 })
    const ofPostgres = spentSince(server, before)
    // the first round compiles the code
    if (round > 0) samples.push(cpuMicroseconds + ofPostgres / calls)
  }
  return Math.min(...samples)
}

function postgresCpuOf({ postgresPid }: Running): ReadonlyMap<number, number> {
  return postgresPid === undefined ? new Map() : readCpuOfChildren(postgresPid)
}

function spentSince({ postgresPid }: Running, before: ReadonlyMap<number, number>): number {
  return postgresPid === undefined ? 0 : spentByChildren(postgresPid, before).reduce((sum, cpu) => sum + cpu, 0)
}
