import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { directRunOf } from '../direct-runs.js'
import { CompiledQuery, Kysely } from '../kysely.js'
import { createSqliteDialect } from './dialect.js'
import { openSqliteFile } from './open-file.js'
import type { Sqlite } from './sqlite.js'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-driver-'))
afterAll(() => rmSync(folder, { recursive: true }))

const closers: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

let files = 0

/** Notes the text of each statement that is run. */
const logged = (sqlite: Sqlite, note: (text: string) => void): Sqlite => ({
  ...sqlite,
  prepare(text) {
    const { returnsRows, all, run } = sqlite.prepare(text)
    const noted =
      <A extends unknown[], R>(work: (...parameters: A) => R) =>
      (...parameters: A) => {
        note(text)
        return work(...parameters)
      }
    return { returnsRows, all: noted(all), run: noted(run) }
  },
})

/** A database with one table, what was run on it, and another process's view of it. */
function open() {
  const path = join(folder, `${++files}.db`)
  const log: string[] = []
  const sqlite = logged(openSqliteFile(path), (text) => log.push(text))
  sqlite.exec('pragma journal_mode = WAL; pragma foreign_keys = ON')
  sqlite.exec('create table parents (id text primary key)')
  sqlite.exec(
    'create table notes (id text primary key, parent text references parents (id) deferrable initially deferred)',
  )
  log.length = 0
  const db = new Kysely<{ notes: { id: string; parent: string | null } }>({
    dialect: createSqliteDialect(sqlite),
  })
  const reader = openSqliteFile(path, { readOnly: true })
  closers.push(
    () => db.destroy(),
    () => void reader.close(),
  )
  const seen = () =>
    reader
      .prepare('select id from notes order by id')
      .all()
      .map((row) => (row as { id: string }).id)
  const add = (id: string, parent: string | null = null, on: Pick<typeof db, 'insertInto'> = db) =>
    on.insertInto('notes').values({ id, parent }).execute()
  const ids = async () => (await db.selectFrom('notes').select('id').orderBy('id').execute()).map(({ id }) => id)
  const run = directRunOf(db.getExecutor().adapter)
  if (!run) throw new Error('the driver was not created')
  const idsAlone = async () => (await run<{ id: string }>(CompiledQuery.raw('select id from notes'))).rows
  const addProvisional = (id: string) => run(CompiledQuery.raw('insert into notes (id) values (?)', [id]), true)
  return {
    path,
    db,
    add,
    addProvisional,
    ids,
    idsAlone,
    seen,
    log,
    commits: () => log.filter((text) => text === 'commit').length,
  }
}

describe('writes of one turn of the event loop', () => {
  test('share one commit, and each resolves when another process can read it', async () => {
    const { db, add, seen, commits } = open()
    const alone = Array.from({ length: 10 }, async (_, i) => {
      await add(`a${i}`)
      expect(seen()).toContain(`a${i}`)
    })
    const inTransactions = Array.from({ length: 10 }, async (_, i) => {
      await db.transaction().execute((tx) => add(`b${i}`, null, tx))
      expect(seen()).toContain(`b${i}`)
    })
    await Promise.all([...alone, ...inTransactions])
    expect(seen()).toHaveLength(20)
    expect(commits()).toBe(1)
  })

  test('a transaction or statement that fails does not change what the others write', async () => {
    const { db, add, seen, commits } = open()
    const failing = db.transaction().execute(async (tx) => {
      await add('gone', null, tx)
      throw new Error('refused')
    })
    const outcomes = await Promise.allSettled([add('a'), failing, add('b'), add('a'), add('c')])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(seen()).toEqual(['a', 'b', 'c'])
    expect(commits()).toBe(1)
  })

  test('all fail, and none is kept, if the commit fails', async () => {
    const { db, add, ids, seen } = open()
    const outcomes = await Promise.allSettled([
      add('a'),
      add('orphan', 'no such parent'),
      db.transaction().execute((tx) => add('b', null, tx)),
      ids(),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
    expect(seen()).toEqual([])
    await add('c')
    expect(seen()).toEqual(['c'])
  })
})

describe('reads of one turn of the event loop', () => {
  test('share a snapshot, and the next turn sees what another process committed', async () => {
    const { path, idsAlone, log } = open()
    const other = openSqliteFile(path)
    closers.push(() => void other.close())
    expect(await idsAlone()).toEqual([])
    other.exec("insert into notes (id) values ('a')")
    expect(await idsAlone()).toEqual([])
    expect(log).toEqual(['begin', ...Array(2).fill('select id from notes')])
    await nextTurn()
    expect(await idsAlone()).toEqual([{ id: 'a' }])
  })

  test('end before a write, which nothing of another process can then precede', async () => {
    const { path, add, ids } = open()
    const other = openSqliteFile(path)
    closers.push(() => void other.close())
    expect(await ids()).toEqual([])
    other.exec("insert into notes (id) values ('a')")
    await add('b')
    expect(await ids()).toEqual(['a', 'b'])
  })
})

describe('what is not committed yet', () => {
  test('is read together with its commit', async () => {
    const { add, ids, idsAlone, seen } = open()
    const writing = add('a')
    const reading = idsAlone().then((rows) => expect(rows.map(({ id }) => id)).toEqual(seen()))
    expect(await ids()).toEqual(seen())
    expect(seen()).toEqual(['a'])
    await Promise.all([writing, reading])
  })

  test('is also what a refusal waits for: a duplicate is refused once the first is committed', async () => {
    const { add, seen } = open()
    const first = add('a')
    await expect(add('a').catch(() => seen())).resolves.toEqual(['a'])
    await first
  })

  test('a provisional write goes on before its commit, which it shares with what follows', async () => {
    const { addProvisional, db, add, seen, commits } = open()
    await addProvisional('a')
    expect(seen()).toEqual([])
    await db.transaction().execute((tx) => add('b', null, tx))
    expect(seen()).toEqual(['a', 'b'])
    expect(commits()).toBe(1)
  })

  test('a rolled-back transaction waits for it too', async () => {
    const { db, add, seen } = open()
    const first = add('a')
    const second = db.transaction().execute(async (tx) => {
      const [found] = await tx.selectFrom('notes').select('id').execute()
      throw new Error(found?.id)
    })
    await expect(second.catch((error: Error) => [error.message, ...seen()])).resolves.toEqual(['a', 'a'])
    await first
  })
})

describe('a transaction that takes several turns', () => {
  test('is not committed in part, and those who wait follow in their order', async () => {
    const { db, add, seen } = open()
    const order: string[] = []
    const slow = db.transaction().execute(async (tx) => {
      await add('a', null, tx)
      await delay(20)
      expect(seen()).toEqual([])
      await add('b', null, tx)
      order.push('slow')
    })
    const next = db.transaction().execute(async (tx) => {
      order.push('next')
      await add('c', null, tx)
    })
    const last = add('d').then(() => order.push('last'))
    await Promise.all([slow, next, last])
    expect(order).toEqual(['slow', 'next', 'last'])
    expect(seen()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('leaves the connection usable if it cannot begin', async () => {
    const path = join(folder, 'busy.db')
    const sqlite = openSqliteFile(path, { busyMilliseconds: 0 })
    sqlite.exec('pragma journal_mode = WAL')
    const db = new Kysely<object>({ dialect: createSqliteDialect(sqlite) })
    const other = openSqliteFile(path)
    closers.push(
      () => db.destroy(),
      () => void other.close(),
    )
    other.exec('begin immediate')
    const begin = () => db.transaction().execute(async () => 'done')
    await expect(begin()).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
    other.exec('rollback')
    await expect(begin()).resolves.toBe('done')
  })
})

test('closing commits what was written before', async () => {
  const { db, add, seen, log } = open()
  const writing = add('a')
  while (!log.some((text) => text.startsWith('insert'))) await Promise.resolve()
  await db.destroy()
  await writing
  expect(seen()).toEqual(['a'])
})
