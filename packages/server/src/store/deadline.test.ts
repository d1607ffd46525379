import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDeadlines, type Deadline } from '../deadline.js'
import { databases, openEmpty } from '../testing/databases.js'
import type { OpenDatabase } from './database.js'
import { sql } from './kysely.js'
import { migrate } from './migrations/migrate.js'
import { createStore } from './store.js'

/** Real time, which a test moves on. */
function movableTime() {
  let moved = 0
  const elapsed = () => performance.now() + moved
  const deadlineOf = createDeadlines({ elapsed })
  return {
    deadline: (milliseconds: number) => deadlineOf(elapsed()).later(milliseconds - 4_500),
    pass: () => {
      moved += 60_000
    },
  }
}

/** A promise that a test resolves. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

const gone = { name: 'StoreUnavailable' }

describe.each(databases)('on %s', (kind) => {
  let opened: OpenDatabase
  beforeAll(async () => {
    opened = await openEmpty(kind)
    await migrate(opened.db)
  })
  afterAll(() => opened.close())
  const until = (deadline: Deadline) => createStore(opened.dbUntil(deadline))

  test('before its deadline, a call reads, writes and commits', async () => {
    const store = until(movableTime().deadline(4_000))
    await store.insertSetting('alone', 'x')
    await store.transaction((tx) => tx.insertSetting('together', 'x'))
    expect([await store.findSetting('alone'), await store.findSetting('together')]).toEqual(['x', 'x'])
  })

  test('after it, nothing is begun', async () => {
    const time = movableTime()
    const store = until(time.deadline(4_000))
    time.pass()
    await expect(store.insertSetting('late alone', 'x')).rejects.toMatchObject(gone)
    await expect(store.transaction((tx) => tx.insertSetting('late together', 'x'))).rejects.toMatchObject(gone)
    const other = createStore(opened.db)
    expect([await other.findSetting('late alone'), await other.findSetting('late together')]).toEqual([
      undefined,
      undefined,
    ])
  })

  test('if it passes before the commit, the transaction is rolled back, and others go on', async () => {
    const time = movableTime()
    const store = until(time.deadline(4_000))
    const late = store.transaction(async (tx) => {
      await tx.insertSetting('uncommitted', 'x')
      time.pass()
    })
    await expect(late).rejects.toMatchObject(gone)
    const other = createStore(opened.db)
    expect(await other.findSetting('uncommitted')).toBeUndefined()
    await other.insertSetting(`after ${kind}`, 'x')
  })

  test('a statement that waits for a transaction of another call ends at its own deadline', async () => {
    const hold = gate()
    const isHeld = gate()
    const other = createStore(opened.db).transaction(async (tx) => {
      await tx.insertSetting('contended', 'first')
      isHeld.open()
      await hold.opened
    })
    await isHeld.opened
    const waits = until(movableTime().deadline(600)).insertSetting('contended', 'second')
    // SQLite lets it go once its turn comes; the call itself has its answer by then
    if (kind !== 'PostgreSQL') await delay(700).then(() => hold.open())
    await expect(waits).rejects.toMatchObject(gone)
    hold.open()
    await other
    expect(await createStore(opened.db).findSetting('contended')).toBe('first')
  })

  test.runIf(kind === 'PostgreSQL')('PostgreSQL ends the statement itself, and the connection stays', async () => {
    const time = movableTime()
    const pids = async () => {
      const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity where query like '%slept%'`.execute(
        opened.db,
      )
      return rows.length
    }
    await expect(sql`select pg_sleep(1.5) as slept`.execute(opened.dbUntil(time.deadline(500)))).rejects.toMatchObject({
      message: 'PostgreSQL returned the error 57014',
    })
    expect(await pids()).toBeGreaterThan(0)
    // the limit was that statement's only
    await sql`select pg_sleep(0.6)`.execute(opened.dbUntil(time.deadline(4_000)))
  })

  test.runIf(kind === 'PostgreSQL')('a call that waits for a connection stops at the deadline', async () => {
    const hold = gate()
    const holders = Array.from({ length: 10 }, () =>
      createStore(opened.db).transaction(async (tx) => {
        await tx.findSetting('x')
        await hold.opened
      }),
    )
    await delay(100)
    let isOtherWaiting = true
    const other = until(movableTime().deadline(4_400))
      .findSetting('x')
      .finally(() => {
        isOtherWaiting = false
      })
    await expect(until(movableTime().deadline(400)).findSetting('x')).rejects.toMatchObject(gone)
    expect(isOtherWaiting, 'a call with a later deadline').toBe(true)
    hold.open()
    await Promise.all([...holders, other])
    // the connection that came too late was given back
    await Promise.all(Array.from({ length: 10 }, () => createStore(opened.db).findSetting('x')))
  })
})
