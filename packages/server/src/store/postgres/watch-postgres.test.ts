import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDatabase, directUrlOf } from '../../testing/databases.js'
import type { Watching } from '../database.js'
import { sql } from '../kysely.js'
import { migrate } from '../migrations/migrate.js'
import { openPostgres } from './open-postgres.js'

const soon = { timeout: 20_000, interval: 20 }
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

let url: string
beforeAll(async () => {
  url = await createDatabase()
  const { db, close } = openPostgres(url, 1)
  await migrate(db)
  await close()
})

function connect() {
  const { db, close } = openPostgres(url, 2)
  closers.push(close)
  return db
}

/** Returns a function that stops watching. The end of the test does so too. */
async function watch(watching: Partial<Watching> = {}): Promise<() => Promise<void>> {
  const nothing = () => {}
  const rest = {
    now: Date.now,
    onChange: nothing,
    onTime: nothing,
    onLoss: nothing,
    onServers: nothing,
    onPooled: nothing,
    isShared: true,
  }
  const { shared, close } = openPostgres(url, 1, directUrlOf(url))
  // also if another server's database refuses it
  closers.push(close)
  const stop = await shared.watch({ ...rest, ...watching })
  closers.push(stop)
  return stop
}

const addAccount = (id: string) =>
  sql`with scope as (select set_config('hallpass.scope', 'host', true))
    insert into accounts (id, name, tenant, environment) select ${id}, 'Acme', '2_3', 'sandbox' from scope`

describe('watching a database', () => {
  test('reports a table that someone changed, and the account', async () => {
    const onChange = vi.fn()
    await watch({ onChange })
    onChange.mockClear()
    await addAccount('one').execute(connect())
    await vi.waitFor(() => expect(onChange.mock.calls).toEqual([['accounts', 'one']]), soon)
  })

  test('reports after a lost connection that anything may have changed', async () => {
    const [onChange, onLoss] = [vi.fn(), vi.fn()]
    await watch({ onChange, onLoss })
    onChange.mockClear()
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'hallpass watch' and datname = current_database()`.execute(connect())
    await vi.waitFor(() => expect(onChange.mock.calls).toEqual([[undefined, undefined]]), soon)
    expect(onLoss).toHaveBeenCalled()
  })

  test("reads the database's clock first of all, and then every second", async () => {
    const onTime = vi.fn()
    await watch({ onTime })
    const [{ asked, answered, time }] = onTime.mock.calls[0] ?? []
    // both run on the same machine
    expect(time).toBeGreaterThanOrEqual(asked - 1)
    expect(time).toBeLessThanOrEqual(answered + 1)
    await vi.waitFor(() => expect(onTime.mock.calls.length).toBeGreaterThan(1), soon)
  })

  test('counts the servers that use the database', async () => {
    const onServers = vi.fn()
    await watch({ onServers })
    expect(onServers.mock.calls).toEqual([[1]])
    await watch()
    await vi.waitFor(() => expect(onServers).toHaveBeenLastCalledWith(2), soon)
  })

  test('allows one server only, unless all of them share the database', async () => {
    const refusal = 'Another server uses this database'
    const stop = await watch({ isShared: false })
    await expect(watch({ isShared: false })).rejects.toThrow(refusal)
    await expect(watch({ isShared: true })).rejects.toThrow(refusal)
    await stop()
    await vi.waitFor(() => watch({ isShared: true }), soon)
    await watch({ isShared: true })
    await expect(watch({ isShared: false })).rejects.toThrow(refusal)
  })
})
