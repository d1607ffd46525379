import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from './kysely.js'
import { createPrivate, placeNewFile, replaceFile } from './place-file.js'
import { lockSqlite, openSqlite } from './sqlite/open-sqlite.js'

let folder: string
const at = (name: string) => join(folder, name)
const modeOf = (name: string) => statSync(at(name)).mode & 0o777
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-place-'))
  writeFileSync(at('draft'), 'new')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('placeNewFile', () => {
  test('renames the draft', () => {
    expect(placeNewFile(at('draft'), at('final'))).toBe(true)
    expect(readdirSync(folder)).toEqual(['final'])
    expect(readFileSync(at('final'), 'utf8')).toBe('new')
  })

  test('leaves an existing file and the draft unchanged', () => {
    writeFileSync(at('final'), 'old')
    expect(placeNewFile(at('draft'), at('final'))).toBe(false)
    expect(readFileSync(at('final'), 'utf8')).toBe('old')
    expect(readFileSync(at('draft'), 'utf8')).toBe('new')
  })

  test('leaves an existing link unchanged, even if it is dangling', () => {
    symlinkSync(at('nowhere'), at('final'))
    expect(placeNewFile(at('draft'), at('final'))).toBe(false)
    expect(existsSync(at('nowhere'))).toBe(false)
  })
})

test('replaceFile replaces an existing file', () => {
  writeFileSync(at('final'), 'old')
  replaceFile(at('draft'), at('final'))
  expect(readFileSync(at('final'), 'utf8')).toBe('new')
})

describe('createPrivate', () => {
  test.each([0o000, 0o022, 0o077])('creates a file that only its owner can access under umask %o', (umask) => {
    const before = process.umask(umask)
    try {
      createPrivate(at('file'))
      symlinkSync(at('target'), at('link'))
      createPrivate(at('link'))
    } finally {
      process.umask(before)
    }
    expect([modeOf('file'), modeOf('target')]).toEqual([0o600, 0o600])
  })

  test('leaves an existing file and its mode unchanged', () => {
    writeFileSync(at('file'), 'kept', { mode: 0o640 })
    createPrivate(at('file'))
    expect(readFileSync(at('file'), 'utf8')).toBe('kept')
    expect(modeOf('file')).toBe(0o640)
  })
})

test('only its owner can access a database, its log and its lock, whatever the umask', async () => {
  const before = process.umask(0)
  const unlock = lockSqlite(at('x.db'))
  const { db, close } = openSqlite(at('x.db'))
  try {
    await sql`create table t (a integer)`.execute(db)
    const modes = ['x.db', 'x.db-wal', 'x.db-shm', 'x.db.lock'].map(modeOf)
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o600])
  } finally {
    process.umask(before)
    await close()
    unlock()
  }
})
