import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sql } from './kysely.js'
import { resolveDatabase } from './resolve-database.js'

test('what a transaction needs to be undone is kept in memory, and not in a temporary file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-resolve-'))
  const place = resolveDatabase(`file:${join(folder, 'hallpass.db')}`, 1)
  onTestFinished(async () => {
    await place.leave()
    rmSync(folder, { recursive: true })
  })
  const { db } = await place.open()
  const { rows } = await sql<{ temp_store: number }>`pragma temp_store`.execute(db)
  // 2 is MEMORY
  expect(rows).toEqual([{ temp_store: 2 }])
})
