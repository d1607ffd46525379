import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replaceSqlite } from '../../store/sqlite/copy-sqlite.js'
import { openSqliteFile } from '../../store/sqlite/open-file.js'

let folder: string
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-copy-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A database as a kill -9 leaves it: its last commit is in the log only. */
function leaveBehind(name: string): void {
  const sqlite = openSqliteFile(at('alive.db'))
  sqlite.exec('pragma journal_mode = WAL')
  sqlite.exec('create table spent (token text)')
  sqlite.exec('pragma wal_checkpoint(TRUNCATE)')
  sqlite.exec("insert into spent values ('a')")
  for (const ending of ['', '-wal']) copyFileSync(at(`alive.db${ending}`), at(name + ending))
  sqlite.close()
}

function spentIn(name: string): unknown[] {
  const sqlite = openSqliteFile(at(name), { mustExist: true })
  const rows = sqlite.prepare('select token from spent').all() as { token: string }[]
  sqlite.close()
  return rows.map(({ token }) => token)
}

describe('replaceSqlite', () => {
  test('leaves the old database with its last commit if interrupted before the replacement', () => {
    leaveBehind('old.db')
    // the first operation on the new file fails
    expect(() => replaceSqlite(at('none.db'), at('old.db'))).toThrow('ENOENT')
    expect(spentIn('old.db')).toEqual(['a'])
  })

  test('removes the log of the old database', () => {
    leaveBehind('old.db')
    const fresh = openSqliteFile(at('new.db'))
    fresh.exec('create table spent (token text)')
    fresh.close()
    replaceSqlite(at('new.db'), at('old.db'))
    expect(existsSync(at('old.db-wal'))).toBe(false)
    expect(spentIn('old.db')).toEqual([])
  })

  test('also replaces a damaged database', () => {
    leaveBehind('new.db')
    spentIn('new.db')
    writeFileSync(at('old.db'), 'x'.repeat(10_000))
    replaceSqlite(at('new.db'), at('old.db'))
    expect(spentIn('old.db')).toEqual(['a'])
  })
})
