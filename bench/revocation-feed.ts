/*
 * `npm run bench:feed`: what a revocation feed costs, and how long it blocks the event loop, with 1,000,000 rows of each
 * kind: spent tokens and rotated sessions, which no feed names; sessions that one account revoked, which a cutoff
 * replaces; and sessions that were revoked in 100,000 accounts. SQLite.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { createServer, loadConfig } from '@hallpass/server'
import { acme, fixture } from '../tests/system/support/fixtures/fixture.js'
import { openSqlite, sql } from '../tests/system/support/servers/server-parts.js'
import { median } from './measure.js'

const rows = Number(process.argv[2] ?? 1_000_000)
const accounts = rows / 10
// of all, or those with these words in their name
const chosen = (name: string) => name.includes(process.argv[3] ?? '')
const later = Date.now() + 3_600_000
/** In the last 15 minutes. Longer ago, a feed doesn't name a session any more. */
const spread = 15 * 60_000
/** Ids with a time, as a server makes them. */
const uuid7 = `printf('%s-%s-7000-8000-%012x', substr(at, 1, 8), substr(at, 9, 4), n)`

const cases: readonly (readonly [name: string, feed: 'account' | 'all', statements: readonly string[]])[] = [
  ['nothing', 'all', []],
  [
    'spent tokens and rotated sessions',
    'all',
    [
      `insert into token_states (account_id, kind, jti, state, decided_at, expires_at)
        select '${acme.account}', iif(n % 2, 'bridge', 'visitor'), ${uuid7}, 'spent', time, ${later} from numbers`,
      `insert into sessions (account_id, sid, counter, rotated_at, expires_at)
        select '${acme.account}', ${uuid7}, 1, time, ${later} from numbers`,
    ],
  ],
  [
    'sessions revoked by one account, which has a cutoff',
    'account',
    [
      revokedSessions(`'${acme.account}'`),
      `insert into cut_offs (account_id, scope, subject, not_before, expires_at)
        select '${acme.account}', 'account', '${acme.account}', max(time) - 10000, ${later} from numbers`,
    ],
  ],
  ['sessions revoked by one account', 'all', [revokedSessions(`'${acme.account}'`)]],
  [`sessions revoked by ${accounts} accounts`, 'all', [revokedSessions(`printf('account-%d', n % ${accounts})`)]],
]

function revokedSessions(account: string): string {
  return `insert into sessions (account_id, sid, counter, revoked_at, expires_at)
    select ${account}, ${uuid7}, 1, time, ${later} from numbers`
}

for (const [name, feed, statements] of cases.filter(([name]) => chosen(name))) {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'))
  const path = join(folder, 'hallpass.db')
  const config = {
    ...loadConfig({ 'database-url': `file:${path}`, 'log-level': 'error' }, {}),
    masterKey: Buffer.alloc(32, 1),
    port: 0,
  }
  const start = () => createServer(config, { fixture })
  const first = await start()
  await first.ready
  await first.stop()
  await fill(path, statements)
  const server = await start()
  await server.ready
  await read(`${server.url}/health/live`)
  const url = `${server.url}/.well-known/revocations${feed === 'all' ? '' : `/${acme.account}`}`
  const readings = [await read(url)]
  for (let i = 0; i < 8; i++) {
    // a feed that was read is cached for a second
    await delay(1_050)
    readings.push(await read(url))
  }
  const [initial, ...others] = readings
  const of = (one: Reading | undefined) => `${one?.cpu.toFixed(0)} ms, ${one?.blocked.toFixed(0)} ms at a time`
  const next = { cpu: median(others.map(({ cpu }) => cpu)), blocked: median(others.map(({ blocked }) => blocked)) }
  process.stdout.write(
    `${name}, feed of ${feed === 'all' ? 'all accounts' : 'the account'}, ${initial?.bytes} bytes: first ${of(initial)}; then ${of({ ...next, bytes: 0 })}\n`,
  )
  await server.stop()
  rmSync(folder, { recursive: true })
}

interface Reading {
  /** CPU time of the reading, in milliseconds, and the longest time for which nothing else ran. */
  readonly cpu: number
  readonly blocked: number
  readonly bytes: number
}

async function read(url: string): Promise<Reading> {
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  await delay(5)
  loop.reset()
  const before = process.cpuUsage()
  const { length } = await (await fetch(url)).arrayBuffer().then(Buffer.from)
  const { user, system } = process.cpuUsage(before)
  await delay(5)
  loop.disable()
  return { cpu: (user + system) / 1000, blocked: loop.max / 1e6, bytes: length }
}

async function fill(path: string, statements: readonly string[]): Promise<void> {
  const { db, close } = openSqlite(path)
  const at = `${Date.now() - spread} + n * ${spread} / ${rows}`
  for (const statement of statements) {
    // in the order of time, as a server writes them
    await sql
      .raw(`with recursive n (n) as (select 1 union all select n + 1 from n where n < ${rows}),
        numbers (n, time, at) as (select n, ${at}, printf('%012x', ${at}) from n)
        ${statement}`)
      .execute(db)
  }
  await close()
}
