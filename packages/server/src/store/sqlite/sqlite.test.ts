import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { isStoreFailure } from '../failure.js'
import { openSqliteFile } from './open-file.js'
import type { Sqlite, SqliteOptions } from './sqlite.js'
import { isRead } from './statements.js'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

const opened: Sqlite[] = []
afterEach(() => {
  for (const sqlite of opened.splice(0)) sqlite.close()
})

let files = 0
const newPath = () => join(folder, `${++files}.db`)

function open(path = newPath(), options?: SqliteOptions): Sqlite {
  const sqlite = openSqliteFile(path, options)
  opened.push(sqlite)
  return sqlite
}

const codeOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

/** The SQLite of this version of Node: `node:sqlite` or `better-sqlite3`. Both must pass. */
describe('a SQLite database', () => {
  test('gives back the values it was given', () => {
    const sqlite = open()
    sqlite.exec('create table x (id integer primary key, text text, number integer)')
    const values = [1, 'ünïcode', Number.MAX_SAFE_INTEGER]
    const insert = sqlite.prepare('insert into x values (?, ?, ?) returning number')
    expect(insert.returnsRows).toBe(true)
    expect(insert.all(values)).toEqual([{ number: Number.MAX_SAFE_INTEGER }])
    const [row] = sqlite.prepare('select * from x').all()
    expect({ ...(row as object) }).toEqual({ id: 1, text: 'ünïcode', number: Number.MAX_SAFE_INTEGER })
    const update = sqlite.prepare('update x set text = ? where id = ?')
    expect(update.returnsRows).toBe(false)
    expect([update.run([null, 1]).changes, update.run([null, 2]).changes]).toEqual([1, 0])
  })

  test('names the constraint that refused a row', () => {
    const sqlite = open()
    sqlite.exec(`pragma foreign_keys = on; create table p (id text primary key);
      create table x (u text unique, n text not null, c integer check (c > 0), p text references p (id))`)
    const insert = sqlite.prepare('insert into x values (?, ?, ?, ?)')
    insert.run(['a', 'n', 1, null])
    const refused: (string | number | null)[][] = [
      ['a', 'n', 1, null],
      ['b', null, 1, null],
      ['b', 'n', 0, null],
      ['b', 'n', 1, 'no parent'],
    ]
    expect(refused.map((row) => codeOf(() => insert.run(row)))).toEqual([
      'SQLITE_CONSTRAINT_UNIQUE',
      'SQLITE_CONSTRAINT_NOTNULL',
      'SQLITE_CONSTRAINT_CHECK',
      'SQLITE_CONSTRAINT_FOREIGNKEY',
    ])
    sqlite.exec("insert into p values ('a')")
    expect(codeOf(() => sqlite.exec("insert into p values ('a')"))).toBe('SQLITE_CONSTRAINT_PRIMARYKEY')
  })

  test('says that it is locked, after the wait it was opened with', () => {
    const path = newPath()
    open(path).exec('create table x (a); begin immediate')
    const other = open(path, { busyMilliseconds: 50 })
    const began = performance.now()
    expect(codeOf(() => other.exec('begin immediate'))).toBe('SQLITE_BUSY')
    expect(performance.now() - began).toBeGreaterThan(40)
    expect(other.isInTransaction()).toBe(false)
  })

  test('is in no transaction once it is closed', () => {
    const sqlite = open(newPath())
    sqlite.exec('begin')
    expect(sqlite.isInTransaction()).toBe(true)
    sqlite.close()
    expect(sqlite.isInTransaction()).toBe(false)
  })

  test('is not created if it must exist, and not changed if it is opened for reading', () => {
    expect(codeOf(() => open(join(folder, 'none.db'), { mustExist: true }))).toBe('SQLITE_CANTOPEN')
    expect(codeOf(() => open(join(folder, 'none.db'), { readOnly: true }))).toBe('SQLITE_CANTOPEN')
    expect(readdirSync(folder)).not.toContain('none.db')
    const path = newPath()
    open(path).exec('create table x (a)')
    expect(codeOf(() => open(path, { readOnly: true }).exec('insert into x values (1)'))).toBe('SQLITE_READONLY')
  })

  test('is copied in parts while others write, as it was when the copy began', async () => {
    const path = newPath()
    const source = open(path)
    source.exec(`pragma journal_mode = wal; create table x (a);
      insert into x with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000)
      select printf('%0500d', i) from n`)
    const writer = open(path)
    const to = newPath()
    const reported: [number, number][] = []
    source.exec('begin; select count(*) from x')
    await source.copyTo(to, 10, (done, total) => {
      reported.push([done, total])
      writer.exec("insert into x values ('later')")
    })
    source.exec('commit')
    const [last] = reported.slice(-1)
    expect(reported.length).toBeGreaterThan(10)
    expect(last?.[0]).toBe(last?.[1])
    expect(open(to).prepare('select count(*) as rows from x').all()).toMatchObject([{ rows: 2_000 }])
  })

  test('a statement of a closed database fails as a failure of the store', () => {
    const sqlite = open()
    const statement = sqlite.prepare('select 1')
    sqlite.close()
    sqlite.close()
    for (const work of [() => statement.all(), () => sqlite.prepare('select 1'), () => sqlite.exec('select 1')]) {
      let failure: unknown
      try {
        work()
      } catch (error) {
        failure = error
      }
      expect(isStoreFailure(failure)).toBe(true)
    }
  })
})

test.each([
  ['select 1', true],
  [' SELECT "delete" from x', true],
  ['with n as (select 1) select * from n', true],
  ['with n as (select 1) insert into x select * from n', false],
  ['insert into x values (1) returning a', false],
  ['pragma user_version = 1', false],
  ['update x set a = 1', false],
])('whether it only reads: %s', (text, expected) => {
  expect(isRead(text)).toBe(expected)
})
