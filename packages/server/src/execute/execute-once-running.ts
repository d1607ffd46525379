import { operations } from '@hallpass/contracts'
import { unavailable } from './common-refusals.js'
import type { Execute } from './outcome.js'
import type { Services } from './services.js'

/** Refuses and counts every call until the database is open. */
export function executeOnceRunning(
  execute: () => Execute | undefined,
  metrics: Pick<Services['metrics'], 'countCall'>,
): Execute {
  return (id, call) => {
    const running = execute()
    if (running) return running(id, call)
    const outcome = { error: unavailable(), allowance: undefined }
    const operation = operations[id]
    metrics.countCall({ operation, spends: operation.spends, transport: call.transport, outcome, seconds: 0 })
    return Promise.resolve(outcome)
  }
}
