import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrateDatabase } from '../migrate-database.js'
import { backUp } from './back-up.js'
import { restore } from './restore.js'

let folder: string
const at = (name: string) => join(folder, name)
const env = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
const host = (name = 'x.db') => ({ flags: { 'database-url': `file:${at(name)}` }, env })
const drafts = () => readdirSync(folder).filter((name) => name.includes('.part'))
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-overwrite-'))
  await migrateDatabase(host())
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Progress is reported during the copy: after the first check of the file name, before the copy gets that name. */
const appear = (name: string) => ({ report: () => writeFileSync(at(name), 'made by another program') })

describe('a file that appears during the copy', () => {
  test('is not overwritten by a backup', async () => {
    await expect(backUp(host(), at('backup.db'), appear('backup.db'))).rejects.toThrow('--force to overwrite it')
    expect(readFileSync(at('backup.db'), 'utf8')).toBe('made by another program')
    expect(drafts()).toEqual([])
  })

  test('is overwritten by a backup with --force', async () => {
    await backUp(host(), at('backup.db'), { ...appear('backup.db'), force: true })
    expect(readFileSync(at('backup.db'), 'latin1')).toMatch(/^SQLite format 3/)
  })

  test('is not replaced by a restore', async () => {
    await backUp(host(), at('backup.db'))
    const restoring = restore(host('new.db'), at('backup.db'), appear('new.db'))
    await expect(restoring).rejects.toThrow('--force to replace it')
    expect(readFileSync(at('new.db'), 'utf8')).toBe('made by another program')
    expect(drafts()).toEqual([])
  })
})

test('a restore without an existing database removes an orphaned log', async () => {
  await backUp(host(), at('backup.db'))
  writeFileSync(at('new.db-wal'), 'of a database that is gone')
  await restore(host('new.db'), at('backup.db'))
  expect(readdirSync(folder)).not.toContain('new.db-wal')
})
