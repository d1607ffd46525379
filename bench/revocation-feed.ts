/*
 * Measures how long a revocation feed takes, and how long it blocks the event loop, with 1,000,000 spent tokens and as
 * many sessions. Run it with `npm run bench:feed`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createServer, loadConfig } from '@hallpass/server'
import { acme, fixture } from '../tests/system/support/fixtures/fixture.js'
import { openSqlite, sql } from '../tests/system/support/servers/server-parts.js'

const rows = Number(process.argv[2] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'))
const path = join(folder, 'hallpass.db')
const config = {
  ...loadConfig({ 'database-url': `file:${path}`, 'log-level': 'error' }, {}),
  masterKey: Buffer.alloc(32, 1),
  port: 0,
}

/** Rows as a busy server leaves them: spent visitor and bridge tokens, and rotated sessions. */
async function fill(): Promise<void> {
  const { db, close } = openSqlite(path)
  const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${rows})`
  const later = Date.now() + 3_600_000
  const states = sql.raw(`insert into token_states (account_id, kind, jti, state, decided_at, expires_at) ${numbers}
    select '${acme.account}', iif(n % 2, 'bridge', 'visitor'), 'jti-' || n, 'spent', ${Date.now()}, ${later} from numbers`)
  const sessions = sql.raw(`insert into sessions (account_id, sid, counter, rotated_at, expires_at) ${numbers}
    select '${acme.account}', 'sid-' || n, 1, ${Date.now()}, ${later} from numbers`)
  await states.execute(db)
  await sessions.execute(db)
  await close()
}

const start = () => createServer(config, { fixture })
const first = await start()
await first.ready
await first.stop()
await fill()
const server = await start()
await server.ready
const delay = monitorEventLoopDelay({ resolution: 1 })
// the first request warms up and shows how much other load there is on the machine
for (const feed of [
  '/health/live',
  '/health/live',
  `/.well-known/revocations/${acme.account}`,
  '/.well-known/revocations',
]) {
  const times: number[] = []
  delay.reset()
  delay.enable()
  for (let reading = 0; reading < 10; reading++) {
    const began = performance.now()
    const response = await fetch(server.url + feed)
    await response.text()
    times.push(performance.now() - began)
    // a feed that was read is cached for a second
    await new Promise((resolve) => setTimeout(resolve, 1_050))
  }
  delay.disable()
  const [slowest, blocked] = [Math.max(...times), delay.max / 1e6].map((milliseconds) => milliseconds.toFixed(1))
  process.stdout.write(
    `${rows} spent tokens and sessions, ${feed}: slowest of 10 ${slowest} ms, event loop blocked at most ${blocked} ms\n`,
  )
}
await server.stop()
rmSync(folder, { recursive: true })
