import { type Config, loadConfig, type ServeFlags } from '../../config.js'
import { type Check, failed, wordsOf } from './check.js'
import { checkConfiguration } from './check-configuration.js'
import { checkPort } from './check-port.js'
import { examineDatabase } from './examine-database.js'

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
