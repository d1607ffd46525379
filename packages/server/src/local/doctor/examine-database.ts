import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from '../../config.js'
import { databaseFileExposure, unheldUserExposure } from '../../exposure/exposure.js'
import { placeOf } from '../../exposure/report-exposures.js'
import type { PostgresLook } from '../../store/postgres/inspect-postgres.js'
import { isPostgresUrl } from '../../store/resolve-database.js'
import { type Inspection, inspectSqlite } from '../../store/sqlite/inspect-sqlite.js'
import { sqlitePath } from '../../store/sqlite/sqlite-path.js'
import { type Check, exposed, failed, messageOf, ok, warning } from './check.js'
import { checkClock } from './check-clock.js'
import { checkDataKeys } from './check-data-keys.js'
import { checkKeyRows } from './check-key-rows.js'
import { checkMasterKey } from './check-master-key.js'
import { checkMigrations } from './check-migrations.js'
import { checkSigningKeys } from './check-signing-keys.js'
import { checkTenants } from './check-tenants.js'
import type { Purpose } from './purpose-of.js'

/** Examines a database, and everything that depends on it. */
export function examineDatabase(config: Config, purpose: Purpose): AsyncGenerator<Check> {
  return isPostgresUrl(config.databaseUrl) ? examinePostgres(config, purpose) : examineSqlite(config, purpose)
}

async function* examineSqlite(config: Config, { strict }: Purpose): AsyncGenerator<Check> {
  const path = sqlitePath(config.databaseUrl)
  if (path === undefined || !existsSync(path)) {
    yield path === undefined ? ok('database', 'in memory; deleted when the server stops') : checkNewFile(path)
    yield (await checkMasterKey(config, path, undefined, strict)).check
    return
  }
  let look: Inspection
  try {
    look = await inspectSqlite(path)
  } catch (error) {
    const fix = 'Check that it is a SQLite database, and that this user may read and write it and its folder.'
    yield failed('database', `${path} cannot be read: ${messageOf(error)}`, fix)
    return
  }
  const exposure = databaseFileExposure(path)
  yield exposure ? exposed(exposure, strict) : ok('database', path)
  yield* examineContents(config, path, look, strict)
}

/** A server creates the file, but no folder. */
function checkNewFile(path: string): Check {
  try {
    accessSync(dirname(path), constants.W_OK | constants.X_OK)
    return ok('database', `none yet; the server creates ${path} at start`)
  } catch (error) {
    const fix = 'Create the folder and let this user write to it, or correct the setting.'
    return failed('database', `${path} cannot be created: ${messageOf(error)}`, fix)
  }
}

async function* examinePostgres(config: Config, { strict, failure }: Purpose): AsyncGenerator<Check> {
  const place = placeOf(config.databaseUrl)
  let look: PostgresLook
  try {
    if (failure !== undefined) throw failure
    const { inspectPostgres } = await import('../../store/postgres/inspect-postgres.js')
    look = await inspectPostgres(config.databaseUrl, config.databaseDirectUrl)
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    const fix = 'Check that PostgreSQL runs, that the URL is right, and that the database and its user exist.'
    yield failed('database', `${place} cannot be used: ${messageOf(cause)}`, fix)
    return
  }
  if (look.isUnheld) {
    yield exposed(unheldUserExposure(place), strict)
  } else yield ok('database', `${place}, version ${look.version}`)
  if (!look.hearsChanges) {
    const found = 'the database is behind a connection pooler in transaction mode, and there is no direct URL'
    const fix = 'Set HALLPASS_DATABASE_DIRECT_URL to the address of PostgreSQL itself (docs/operations.md).'
    yield warning('database', found, fix)
  }
  yield* examineContents(config, undefined, look, strict)
}

async function* examineContents(
  config: Config,
  path: string | undefined,
  look: Inspection & { readonly time?: number },
  strict: boolean,
): AsyncGenerator<Check> {
  try {
    yield await checkMigrations(look)
    const { check, dataKeys } = await checkMasterKey(config, path, look, strict)
    yield check
    if (look.isNew) return
    if (dataKeys) yield checkDataKeys(dataKeys)
    if (dataKeys && look.pending.length === 0) yield await checkKeyRows(look.store, dataKeys)
    yield await checkSigningKeys(look.store, dataKeys)
    // an older database has no labels to compare yet
    if (look.pending.length === 0) yield await checkTenants(look.store)
    yield await checkClock(look.store, look.time)
  } finally {
    await look.close()
  }
}
