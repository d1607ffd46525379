/** What a limit applies to, for explanations. */
export type Bounded = 'account' | 'secret_key' | 'address' | 'client_key' | 'failures'

/** How many calls a key may make in any window of this many seconds. */
export interface Quota {
  readonly limit: number
  readonly windowSeconds: number
  readonly of?: Bounded
}

/** A counter that a call is charged to: the quota of a key. */
export interface Meter {
  readonly key: string
  readonly quota: Quota
}

/** Whether a call may proceed, and the state of the quota. */
export interface Allowance {
  readonly allowed: boolean
  readonly quota: Quota
  readonly remaining: number
  /** Whole seconds until another call fits. */
  readonly resetSeconds: number
}

/** Whether another call fits besides those already made. */
export const allows = ({ limit }: Quota, used: number): boolean => used < limit

/**
 * The allowance to report out of several: the longest refusal, or, if all allow the call, the one with the fewest calls
 * left.
 */
export function tightest(allowances: readonly Allowance[]): Allowance | undefined {
  return allowances.reduce<Allowance | undefined>((found, next) => {
    if (!found || found.allowed !== next.allowed) return found?.allowed === false ? found : next
    const isTighter = next.allowed ? next.remaining < found.remaining : next.resetSeconds > found.resetSeconds
    return isTighter ? next : found
  }, undefined)
}
