import { systemClock } from '../clock.js'
import { loadConfig } from '../config.js'
import { openStore } from '../open-store.js'
import type { HostOptions } from './open-local.js'

/** One migration of a database. */
export interface MigrationRun {
  readonly name: string
  /** RFC 3339, UTC. */
  readonly ran_at: string
  /** It was applied just now. */
  readonly is_new: boolean
}

/** Migrates this host's database to this version of Hallpass. Returns every migration that was ever applied. */
export async function migrateDatabase(options: HostOptions): Promise<readonly MigrationRun[]> {
  const config = loadConfig(options.flags, options.env)
  const began = new Date(systemClock.now()).toISOString()
  const { store, close } = await openStore(config, systemClock, { exclusive: false })
  try {
    const runs = await store.listMigrations()
    return runs.map(({ name, timestamp }) => ({ name, ran_at: timestamp, is_new: timestamp >= began }))
  } finally {
    await close()
  }
}
