import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { loadConfig, systemClock } from '@hallpass/server'
import { expect, onTestFinished, test } from 'vitest'
import { query } from '../support/postgres.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath } from '../system/support/fixtures/mint.js'
import type { Served } from '../system/support/servers/child-process.js'
import { newId, openStore } from '../system/support/servers/server-parts.js'
import { createClient, keepDoing } from './support/client.js'
import { adminUrlOf, type Fleet, startFleet } from './support/fleet.js'
import { quantile, report } from './support/numbers.js'

/** A server that is busy takes smaller steps, so a slow machine needs half an hour for as many as these. */
const rows = Number(process.env.HALLPASS_SWEPT_ROWS ?? 1_000_000)
const rowsAtOnce = 50_000
const baselineMilliseconds = 40_000
/** A server sweeps for the first time after a minute. */
const patienceMilliseconds = 1_800_000

test.each(['sqlite', 'postgres'] as const)(
  `while ${rows} expired rows are swept, mint p99 stays within twice its baseline: %s`,
  async (database) => {
    const fleet = await startFleet({ database, replicas: 1, flags: { 'log-level': 'info' } })
    onTestFinished(fleet.remove)
    // a migrated database without other users
    await fleet.replicas.pop()?.stop()
    await (database === 'sqlite' ? fillSqlite(fleet) : fillPostgres(fleet))
    const server = await fleet.start()
    const swept = countSwept(server)
    const client = createClient()
    const times: { at: number; milliseconds: number }[] = []
    const load = keepDoing(4, async () => {
      const at = performance.now()
      const { status, milliseconds } = await client.asAcme(server.url + cardPath(acme.activeCard, 'REVEAL'), {})
      expect(status).toBe(200)
      times.push({ at, milliseconds })
      // moderate load, so that any waiting is caused by the sweep
      await delay(10)
    })
    const began = performance.now()
    await delay(baselineMilliseconds)
    while (swept() < rows && performance.now() - began < patienceMilliseconds) await delay(200)
    const ended = performance.now()
    await load.stop()
    client.close()
    expect(swept()).toBeGreaterThanOrEqual(rows)
    const p99Between = (from: number, to: number) =>
      quantile(
        times.filter(({ at }) => at >= from && at < to).map(({ milliseconds }) => milliseconds),
        0.99,
      )
    const baseline = p99Between(began + 5_000, began + baselineMilliseconds)
    // from the first minute until the last batch
    const sweeping = p99Between(began + 60_000, ended)
    report(`sweep of ${rows} rows, ${database}`, {
      baselineP99: Math.round(baseline * 10) / 10,
      sweepingP99: Math.round(sweeping * 10) / 10,
      sweepSeconds: Math.round((ended - began - 60_000) / 1000),
    })
    expect(sweeping).toBeLessThanOrEqual(baseline * 2)
  },
  2 * patienceMilliseconds,
)

/** Reads each line of the log as it is written. Searching the whole log repeatedly would slow the load down. */
function countSwept({ process: { stderr } }: Served): () => number {
  let swept = 0
  if (stderr) {
    createInterface({ input: stderr }).on('line', (line) => {
      const { msg, rows = 0 } = JSON.parse(line) as { msg: string; rows?: number }
      if (msg === 'Expired rows were removed.') swept += rows
    })
  }
  return () => swept
}

/** Ids of spent tokens: UUIDs of version 7, so they are ordered by time. */
async function fillPostgres(fleet: Fleet): Promise<void> {
  await query(
    adminUrlOf(fleet),
    `insert into token_states (account_id, kind, jti, state, decided_at, expires_at)
     select $1, 'visitor', regexp_replace(lpad(to_hex(1700000000000 + n * 86), 12, '0'), '(.{8})(.{4})', '\\1-\\2-7000-8000-')
       || substr(md5(n::text), 1, 12), 'spent', 1, 1 from generate_series(1, $2::bigint) n`,
    [acme.account, rows],
  )
}

async function fillSqlite({ folder, masterKey }: Fleet): Promise<void> {
  const env = { HALLPASS_MASTER_KEY: masterKey }
  const config = loadConfig({ 'database-url': `file:${join(folder, 'hallpass.db')}` }, env)
  const { store, close } = await openStore(config, systemClock, { exclusive: true })
  let time = 1_700_000_000_000
  const clock = { now: () => (time += 86), random: systemClock.random }
  const token = () => ({ accountId: acme.account, kind: 'visitor', jti: newId(clock) }) as const
  for (let filled = 0; filled < rows; filled += rowsAtOnce) {
    await store.transaction(async (tx) => {
      for (let count = 0; count < rowsAtOnce; count++)
        await tx.consumeOrRevokeToken(token(), 'spent', { now: 1, expiresAt: 1 })
    })
  }
  await close()
}
