import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpenDatabase } from '../database.js'
import { migrate } from '../migrations/migrate.js'
import { createStore } from '../store.js'
import { openSqliteFile } from './open-file.js'
import { openSqlite, openUnlocked } from './open-sqlite.js'
import type { Sqlite } from './sqlite.js'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-write-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('while another program holds the write lock', () => {
  let files = 0
  let opened: OpenDatabase
  let other: Sqlite
  beforeEach(async () => {
    const path = join(folder, `${++files}.db`)
    opened = openSqlite(path)
    await migrate(opened.db)
    await createStore(opened.db).insertSetting('kept', 'before')
    other = openSqliteFile(path)
    other.exec('begin immediate')
  })
  afterEach(async () => {
    other.close()
    await opened.close()
  })

  test('a write of this process, which ends only when its own code runs, delays opening', async () => {
    const path = join(folder, `${files}.db`)
    expect(() => openSqlite(path)).toThrow('cannot be opened: database is locked')
    setTimeout(() => other.exec('rollback'), 0)
    const again = await openUnlocked(path)
    expect(await createStore(again.db).findSetting('kept')).toBe('before')
    await again.close()
  })

  const code = (error: unknown) => (error as { code?: string }).code

  test('writes fail, and the process and reads go on meanwhile', async () => {
    const store = createStore(opened.db)
    const writes = [
      ...Array.from({ length: 20 }, (_, i) => store.insertSetting(`alone ${i}`, 'x').catch(code)),
      ...Array.from({ length: 20 }, (_, i) =>
        store.transaction((tx) => tx.insertSetting(`together ${i}`, 'x')).catch(code),
      ),
    ]
    let reads = 0
    let isDone = false
    const reading = (async () => {
      for (; !isDone; await delay(1)) {
        expect(await store.findSetting('kept')).toBe('before')
        reads++
      }
    })()
    const failures = await Promise.all(writes)
    isDone = true
    await reading
    expect(new Set(failures)).toEqual(new Set(['SQLITE_BUSY']))
    // SQLite's own wait would let one read pass for each write at most
    expect(reads).toBeGreaterThan(writes.length)
  })

  test('writes succeed once the lock is free, all of them', async () => {
    const store = createStore(opened.db)
    const writes = Array.from({ length: 20 }, (_, i) =>
      i % 2 ? store.insertSetting(`late ${i}`, 'x') : store.transaction((tx) => tx.insertSetting(`late ${i}`, 'x')),
    )
    await delay(200)
    other.exec('rollback')
    await Promise.all(writes)
    for (let i = 0; i < 20; i++) expect(await store.findSetting(`late ${i}`)).toBe('x')
  })
})
