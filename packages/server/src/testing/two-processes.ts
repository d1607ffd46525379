import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { OpenDatabase } from '../store/database.js'
import { migrate } from '../store/migrations/migrate.js'
import { openSqlite } from '../store/sqlite/open-sqlite.js'

/** A migrated SQLite file, opened twice, as by two processes. It is gone when the test ends. */
export async function openTwice(): Promise<{ readonly ours: OpenDatabase; readonly theirs: OpenDatabase }> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-twice-'))
  const [ours, theirs] = [openSqlite(join(folder, 'x.db')), openSqlite(join(folder, 'x.db'))]
  onTestFinished(async () => {
    await ours.close()
    await theirs.close()
    rmSync(folder, { recursive: true })
  })
  await migrate(ours.db)
  return { ours, theirs }
}
