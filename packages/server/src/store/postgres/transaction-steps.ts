import { beginStep, type Step, scopeStep } from './scoped-query.js'

/** What a transaction sends with its next statement instead of by itself. */
export interface TransactionSteps {
  /** Adds a statement whose result is ignored. */
  readonly add: (step: Step, scope: string | undefined) => void
  /** The steps to send before a statement: its scope is set, unless it still is. */
  readonly take: (text: string, scope: string | undefined) => readonly Step[]
  /** The steps to send before the commit. */
  readonly end: () => readonly Step[] | 'not begun'
}

/**
 * The beginning of a transaction and its deferred statements travel with the statement after them. A revocation took 9
 * round trips, and takes 6; an exchange took 4, and takes 3.
 */
export function createTransactionSteps(): TransactionSteps {
  let steps: Step[] = [beginStep]
  let hasBegun = false
  let current: Step | undefined
  const enter = (text: string, scope: string | undefined) => {
    if (scope === undefined) return
    const step = scopeStep(text, scope)
    // the settings of a statement last until the end of the transaction
    if (current?.name === step.name && current.values[0] === scope) return
    current = step
    steps.push(step)
  }
  const takeAll = () => {
    const taken = steps
    steps = []
    hasBegun = true
    return taken
  }
  return {
    add(step, scope) {
      enter(step.text, scope)
      steps.push(step)
    },
    take(text, scope) {
      enter(text, scope)
      return takeAll()
    },
    end: () => (hasBegun || steps.length > 1 ? takeAll() : 'not begun'),
  }
}
