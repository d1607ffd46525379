import { expect, test, vi } from 'vitest'
import { HallpassError } from '../errors.js'
import { StoreUnavailable } from '../store/failure.js'
import type { Call } from './call.js'
import { unavailable } from './common-refusals.js'
import { logRecovery } from './log-recovery.js'
import type { Execute, Outcome } from './outcome.js'

// nothing reads it
const call = {} as Call
const success = { answer: {}, allowance: undefined } as Outcome
const failure = { error: unavailable({ cause: new StoreUnavailable() }), allowance: undefined }

test('logs once how long the database failed, when what had failed succeeds', async () => {
  let [now, outcome]: [number, Outcome] = [0, success]
  const log = { info: vi.fn() }
  const execute = logRecovery((async () => outcome) as Execute, { log, elapsed: () => now })
  await execute('tokens.redeem', call)
  outcome = failure
  await execute('tokens.redeem', call)
  now = 12_000
  await execute('tokens.redeem', call)
  // a signature needs no database, and a caller's mistake says nothing about it
  outcome = success
  await execute('bridge.initialize', call)
  outcome = { error: new HallpassError('unauthenticated', ''), allowance: undefined }
  await execute('tokens.redeem', call)
  expect(log.info).not.toHaveBeenCalled()
  outcome = success
  await execute('tokens.redeem', call)
  await execute('tokens.redeem', call)
  expect(log.info.mock.calls).toEqual([[{ seconds: 12 }, 'The database is back.']])
})
