import type { Logger } from 'pino'
import type { Config } from '../config.js'
import type { SharedDatabase } from '../store/database.js'
import { addressOf } from '../store/postgres/parse-postgres-url.js'
import { readServer } from '../store/postgres/read-server.js'
import { isPostgresUrl } from '../store/resolve-database.js'
import { sqlitePath } from '../store/sqlite/sqlite-path.js'
import {
  addressExposure,
  databaseFileExposure,
  type Exposure,
  keyFileExposure,
  unheldUserExposure,
} from './exposure.js'

/** Logs one line for each exposure of a server whose database is open. */
export async function logExposures(
  config: Config,
  shared: SharedDatabase | undefined,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const found = [addressExposure(config), ...(await databaseExposures(config, shared))]
  for (const exposure of found) {
    if (exposure) log.warn({ what: exposure.what }, `${exposure.what}: ${exposure.found}. Fix: ${exposure.fix}`)
  }
}

async function databaseExposures(
  config: Config,
  shared: SharedDatabase | undefined,
): Promise<readonly (Exposure | undefined)[]> {
  if (shared) {
    const { isUnheld } = await readServer(shared)
    return isUnheld ? [unheldUserExposure(placeOf(config.databaseUrl))] : []
  }
  const path = isPostgresUrl(config.databaseUrl) ? undefined : sqlitePath(config.databaseUrl)
  return path === undefined ? [] : [databaseFileExposure(path), keyFileExposure(path, config)]
}

/** The address of a PostgreSQL database, without user and password. */
export function placeOf(databaseUrl: string): string {
  return `PostgreSQL at ${addressOf(databaseUrl)}`
}
