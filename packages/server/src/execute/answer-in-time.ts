import type { Deadline } from '../deadline.js'
import { unavailable } from './common-refusals.js'
import type { Outcome } from './outcome.js'
import type { Run } from './run.js'

/**
 * The outcome of a call, or 503 once its deadline has passed. Whatever the call waits for has its own limit below that;
 * this one holds if they add up. The work isn't undone: what it commits stays, and a repeat with the same idempotency
 * key gets its answer.
 */
export function answerInTime(run: Run, work: () => Promise<Outcome>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let deadline: Deadline = run.call.deadline
    const giveUp = () => resolve(lateOutcome(run))
    deadline.whenPassed(giveUp)
    run.postpone = (milliseconds) => {
      deadline.forget(giveUp)
      deadline = deadline.later(milliseconds)
      deadline.whenPassed(giveUp)
      return run.bind(deadline)
    }
    work().then(
      (outcome) => {
        deadline.forget(giveUp)
        resolve(outcome)
      },
      (error: unknown) => {
        deadline.forget(giveUp)
        reject(error)
      },
    )
  })
}

const lateOutcome = ({ allowance, caller }: Run): Outcome => ({
  error: unavailable({ cause: new Error('The call was given up at its deadline.') }),
  allowance,
  accountId: caller.accountId,
})
