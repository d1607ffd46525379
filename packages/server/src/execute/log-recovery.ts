import type { Logger } from 'pino'
import { isStoreFailure } from '../store/failure.js'
import type { Execute, Outcome } from './outcome.js'

/**
 * Logs how long the database failed, once an operation that had failed succeeds again. For a database that doesn't
 * report by itself that it is back.
 */
export function logRecovery(
  execute: Execute,
  { log, elapsed = () => performance.now() }: { log: Pick<Logger, 'info'>; elapsed?: () => number },
): Execute {
  const failed = new Set<string>()
  let since = 0
  const note = (id: string, outcome: Outcome) => {
    if ('error' in outcome) {
      if (!isStoreFailure(outcome.error.details.cause)) return
      if (failed.size === 0) since = elapsed()
      failed.add(id)
    } else if (failed.has(id)) {
      failed.clear()
      log.info({ seconds: Math.round((elapsed() - since) / 1000) }, 'The database is back.')
    }
  }
  return async (id, call) => {
    const outcome = await execute(id, call)
    note(id, outcome)
    return outcome
  }
}
