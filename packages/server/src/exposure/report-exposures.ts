import type { Logger } from 'pino'
import type { Config } from '../config.js'
import { StartError } from '../errors.js'
import type { SharedDatabase } from '../store/database.js'
import { addressOf } from '../store/postgres/parse-postgres-url.js'
import { readServer } from '../store/postgres/read-server.js'
import { isPostgresUrl } from '../store/resolve-database.js'
import { sqlitePath } from '../store/sqlite/sqlite-path.js'
import {
  databaseFileExposure,
  type Exposure,
  isProduction,
  keyFileExposure,
  masterKeyExposure,
  settingsExposures,
  unheldUserExposure,
} from './exposure.js'

interface Opened {
  readonly hasProductionAccount: boolean
  readonly shared: SharedDatabase | undefined
}

/**
 * Logs one line for each exposure of a server whose database is open. Throws a StartError if there is one and the server
 * is for production.
 */
export async function reportExposures(
  config: Config,
  opened: Opened,
  log: Pick<Logger, 'warn' | 'error'>,
): Promise<void> {
  const strict = isProduction(config, opened.hasProductionAccount)
  const generated = strict ? masterKeyExposure(config) : undefined
  const found = [
    ...settingsExposures(config, strict),
    ...(generated ? [generated] : []),
    ...(await databaseExposures(config, opened.shared)),
  ]
  const level = strict ? 'error' : 'warn'
  for (const { what, found: seen, fix } of found) log[level]({ what }, `${what}: ${seen}. Fix: ${fix}`)
  if (!strict || found.length === 0) return
  const all = found.map((exposure) => `${exposure.what}: ${exposure.found}`).join('; ')
  throw new StartError(
    `This setup is not safe for production: ${all}. \`hallpass doctor --profile production\` shows the fixes. With --profile sandbox, the server starts anyway.`,
  )
}

async function databaseExposures(config: Config, shared: SharedDatabase | undefined): Promise<readonly Exposure[]> {
  if (shared) {
    const { isUnheld } = await readServer(shared)
    return isUnheld ? [unheldUserExposure(placeOf(config.databaseUrl))] : []
  }
  const path = isPostgresUrl(config.databaseUrl) ? undefined : sqlitePath(config.databaseUrl)
  if (path === undefined) return []
  return [databaseFileExposure(path), keyFileExposure(path, config)].filter((exposure) => exposure !== undefined)
}

/** The address of a PostgreSQL database, without user and password. */
export function placeOf(databaseUrl: string): string {
  return `PostgreSQL at ${addressOf(databaseUrl)}`
}
