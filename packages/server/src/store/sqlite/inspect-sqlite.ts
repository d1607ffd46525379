import { existsSync } from 'node:fs'
import { Kysely } from '../kysely.js'
import { findMissingColumns } from '../migrations/compare-schema.js'
import { type Compared, compareMigrations } from '../migrations/migrate.js'
import type { Database } from '../schema.js'
import { createStore, type Store } from '../store.js'
import { createSqliteDialect } from './dialect.js'
import { openSqliteFile } from './open-file.js'

/** A database that is inspected without changing it. */
export interface Inspection extends Compared {
  /** For reading only. */
  readonly store: Store
  /** Tables and columns that its migrations should have created, as `table.column`. */
  readonly missingColumns: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** Opens an existing SQLite file for reading. */
export async function inspectSqlite(path: string): Promise<Inspection> {
  // see peekSqlite: this leaves the file and its log unchanged
  const sqlite = openSqliteFile(path, { readOnly: existsSync(`${path}-wal`) })
  const db = new Kysely<Database>({ dialect: createSqliteDialect(sqlite) })
  const close = async () => {
    await db.destroy()
    sqlite.close()
  }
  try {
    return {
      store: createStore(db),
      missingColumns: () => findMissingColumns(db),
      ...(await compareMigrations(db)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
