import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replaceSqlite } from '../../store/sqlite/copy-sqlite.js'

let folder: string
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-copy-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A database as a kill -9 leaves it: its last commit stands in the log alone. */
function leaveBehind(name: string): void {
  const sqlite = new Sqlite(at('alive.db'))
  sqlite.pragma('journal_mode = WAL')
  sqlite.exec('create table spent (token text)')
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  sqlite.exec("insert into spent values ('a')")
  for (const ending of ['', '-wal']) copyFileSync(at(`alive.db${ending}`), at(name + ending))
  sqlite.close()
}

function spentIn(name: string): unknown[] {
  const sqlite = new Sqlite(at(name), { fileMustExist: true })
  const rows = sqlite.prepare('select token from spent').pluck().all()
  sqlite.close()
  return rows
}

describe('replaceSqlite', () => {
  test('interrupted before the new database has its place, leaves the old one with its last commit', () => {
    leaveBehind('old.db')
    // the first thing that is done with the new one fails
    expect(() => replaceSqlite(at('none.db'), at('old.db'))).toThrow('ENOENT')
    expect(spentIn('old.db')).toEqual(['a'])
  })

  test('takes the log of the old one away', () => {
    leaveBehind('old.db')
    const fresh = new Sqlite(at('new.db'))
    fresh.exec('create table spent (token text)')
    fresh.close()
    replaceSqlite(at('new.db'), at('old.db'))
    expect(existsSync(at('old.db-wal'))).toBe(false)
    expect(spentIn('old.db')).toEqual([])
  })

  test('replaces also what is no database any more', () => {
    leaveBehind('new.db')
    spentIn('new.db')
    writeFileSync(at('old.db'), 'x'.repeat(10_000))
    replaceSqlite(at('new.db'), at('old.db'))
    expect(spentIn('old.db')).toEqual(['a'])
  })
})
