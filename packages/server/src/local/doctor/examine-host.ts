import { type Config, loadConfig } from '../../config.js'
import type { ServeFlags } from '../../settings/flag-variables.js'
import { type Check, failed, messageOf } from './check.js'
import { checkConfiguration } from './check-configuration.js'
import { checkPort } from './check-port.js'
import { examineDatabase } from './examine-database.js'
import { purposeOf } from './purpose-of.js'

/** The server to examine, with the same flags as `hallpass serve`. */
export interface ExamineOptions {
  readonly flags?: ServeFlags
  readonly env?: NodeJS.ProcessEnv
}

/** Examines everything that a server on this host needs. Changes nothing. */
export async function* examineHost({ flags, env }: ExamineOptions = {}): AsyncGenerator<Check> {
  let config: Config
  try {
    config = loadConfig(flags, env)
  } catch (error) {
    yield failed('configuration', messageOf(error), 'Correct the setting, or omit it to use the default.')
    return
  }
  const purpose = await purposeOf(config)
  yield* checkConfiguration(config, purpose.strict)
  yield* examineDatabase(config, purpose)
  yield await checkPort(config)
}
