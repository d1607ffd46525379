import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStore, migrate, openSqlite, sql } from '../tests/system/support/servers/server-parts.js'
import { median } from './measure.js'

/*
 * `npm run bench:sweep`: how many expired rows a second a server removes from SQLite, by the number of rows that stay. A
 * spent token leaves one row. The sweep pauses four times as long as it works, and 20 ms at least, and its steps grow to
 * 800 rows, see `packages/server/src/maintenance.ts`.
 */
const sizes = (process.argv.slice(2).length > 0 ? process.argv.slice(2) : [10_000, 1_000_000]).map(Number)
const step = 800
const steps = 30
const rest = (milliseconds: number) => Math.max(4 * milliseconds, 20)

for (const size of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'))
  const { db, close } = openSqlite(join(folder, 'hallpass.db'))
  await migrate(db)
  const store = createStore(db)
  await fill('kept', size, Date.now() + 86_400_000)
  await fill('expired', step * steps, 1)
  const times: number[] = []
  for (let i = 0; i < steps; i++) {
    const before = process.cpuUsage()
    const swept = await store.sweepExpired(Date.now(), step)
    const { user, system } = process.cpuUsage(before)
    if (swept !== step) throw new Error(`${swept} rows were removed instead of ${step}`)
    times.push((user + system) / 1000)
  }
  const took = median(times)
  const perSecond = (1000 * step) / (took + rest(took))
  process.stdout.write(
    `beside ${size} rows: ${step} rows take ${took.toFixed(1)} ms of CPU time, so ${perSecond.toFixed(0)} rows a second are removed\n`,
  )
  await close()
  rmSync(folder, { recursive: true })

  /** Spent tokens. Their names are random, as those of a server are, so neighbors in time are not neighbors in the table. */
  async function fill(account: string, rows: number, expiresAt: number): Promise<void> {
    const numbers = sql.raw(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})`)
    await sql`${numbers} insert into token_states (account_id, kind, jti, state, decided_at, expires_at)
      select ${account}, 'visitor', lower(hex(randomblob(16))), 'spent', 1, ${expiresAt} from n`.execute(db)
  }
}
