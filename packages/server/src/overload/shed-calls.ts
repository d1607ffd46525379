import { type Operation, operations } from '@hallpass/contracts'
import type { Logger } from 'pino'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { Transport } from '../execute/call.js'
import type { Execute } from '../execute/outcome.js'
import { createShedder, type ShedCause } from './shedder.js'

/** A call that was refused because of an overload. */
export interface ShedCall {
  readonly operation: Operation
  readonly transport: Transport
  readonly cause: ShedCause
}

interface Deps {
  /** How long calls may wait before it is an overload, in milliseconds. 0 turns shedding off. */
  readonly shedAfterMilliseconds: number
  /** A monotonic time in milliseconds. */
  readonly elapsed: () => number
  readonly requestDelay: () => number
  readonly databaseDelay: () => number
  readonly metrics: { readonly countShed: (call: ShedCall) => void }
  readonly log: Pick<Logger, 'warn'>
}

/** One for all, because it is made while there is no time. */
const overloaded = new HallpassError('unavailable', messages.overloaded, { retryAfter: 1 })

/** Whether a call was refused because of an overload. Such calls are counted, and get no line in the log. */
export const isShed = (error: HallpassError | undefined): boolean => error === overloaded

/** Refuses calls of low priority during an overload, before anything about them is read or counted for a caller. */
export function shedCalls(execute: Execute, deps: Deps): Execute {
  const { shedAfterMilliseconds: allowed, elapsed, metrics, log } = deps
  if (allowed === 0) return execute
  const episode = logEpisodes({ log, elapsed })
  const causeToShed = createShedder({ ...deps, allowed, now: elapsed })
  return (id, call) => {
    const operation = operations[id]
    const cause = causeToShed(operation.priority)
    if (cause === undefined) return execute(id, call)
    episode.note()
    metrics.countShed({ operation, transport: call.transport, cause })
    return Promise.resolve({ error: overloaded, allowance: undefined })
  }
}

/** It is over if no call was refused for this long. */
const quietMilliseconds = 2_000

/** Logs when an overload begins and when it has ended. */
function logEpisodes({ log, elapsed }: Pick<Deps, 'log' | 'elapsed'>) {
  let began: number | undefined
  let calls = 0
  const endIfQuiet = (before: number) => {
    if (calls !== before) return watch()
    log.warn({ calls, seconds: Math.round((elapsed() - (began ?? 0)) / 1_000) }, 'The overload is over.')
    began = undefined
    calls = 0
  }
  const watch = () => void setTimeout(endIfQuiet, quietMilliseconds, calls).unref()
  return {
    note() {
      calls++
      if (began !== undefined) return
      began = elapsed()
      log.warn('The server is overloaded. Calls of low priority get 503.')
      watch()
    },
  }
}
