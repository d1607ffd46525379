import { existsSync } from 'node:fs'
import { type Config, loadConfig, type ServeFlags } from '../../config.js'
import { type Look, lookIntoSqlite } from '../../store/look-into.js'
import { sqlitePath } from '../../store/open-sqlite.js'
import { type Check, failed, ok, warning, wordsOf } from './check.js'
import { checkClock } from './check-clock.js'
import { checkConfiguration } from './check-configuration.js'
import { checkMasterKey } from './check-master-key.js'
import { checkPort } from './check-port.js'
import { checkSigningKeys } from './check-signing-keys.js'

/** Which server is examined: as `hallpass serve` would be told it. */
export interface ExamineOptions {
  readonly flags?: ServeFlags
  readonly env?: NodeJS.ProcessEnv
}

/** Looks at everything that a server on this host needs, and changes nothing. */
export async function* examineHost({ flags, env }: ExamineOptions = {}): AsyncGenerator<Check> {
  let config: Config
  try {
    config = loadConfig(flags, env)
  } catch (error) {
    yield failed('configuration', wordsOf(error), 'Correct the setting, or leave it out for its default.')
    return
  }
  yield checkConfiguration(config)
  yield* examineDatabase(config)
  yield await checkPort(config)
}

async function* examineDatabase(config: Config): AsyncGenerator<Check> {
  if (!/^(file:|:memory:$)/.test(config.databaseUrl)) {
    const fix = 'Start the server and ask /health/ready: 200 says that the database is reached and migrated.'
    yield warning('database', 'only a SQLite database is examined here', fix)
    return
  }
  const path = sqlitePath(config.databaseUrl)
  if (path === undefined || !existsSync(path)) {
    const found = path === undefined ? 'in memory: gone when the server stops' : `none yet; ${path} is made at start`
    yield ok('database', found)
    yield (await checkMasterKey(config, path, undefined)).check
    return
  }
  let look: Look
  try {
    look = await lookIntoSqlite(path)
  } catch (error) {
    const fix = 'See that it is a SQLite database, and that this user may read and write it and its folder.'
    yield failed('database', `${path} cannot be read: ${wordsOf(error)}`, fix)
    return
  }
  try {
    yield ok('database', path)
    yield checkMigrations(look)
    yield* examineContents(config, path, look)
  } finally {
    await look.close()
  }
}

function checkMigrations({ pending, unknown }: Look): Check {
  if (unknown.length > 0) {
    const fix = 'Run the version of Hallpass that made them, or a newer one: a database is never taken back.'
    return failed('migrations', `the database is newer than this program: ${unknown.join(', ')}`, fix)
  }
  if (pending.length === 0) return ok('migrations', 'all are done')
  return warning('migrations', `to be done: ${pending.join(', ')}`, 'Start the server: that does them first.')
}

async function* examineContents(config: Config, path: string, look: Look): AsyncGenerator<Check> {
  const { check, dataKey } = await checkMasterKey(config, path, look)
  yield check
  if (look.isNew) return
  yield await checkSigningKeys(look.store, dataKey)
  yield await checkClock(look.store)
}
