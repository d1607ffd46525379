import { systemClock } from '../clock.js'
import { loadConfig } from '../config.js'
import { openStore } from '../open-store.js'
import type { HostOptions } from './open-local.js'

/** One step of a database's schema. */
export interface MigrationRun {
  readonly name: string
  /** RFC 3339, UTC. */
  readonly ran_at: string
  /** It ran just now. */
  readonly is_new: boolean
}

/** Brings this host's database to the version of this program; gives every step that it has gone through. */
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
