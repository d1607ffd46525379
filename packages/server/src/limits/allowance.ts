/** What a limit bounds, for explanations. */
export type Bounded = 'account' | 'secret_key' | 'address' | 'client_key' | 'failures'

/** How many calls a key may make in any stretch of this many seconds. */
export interface Quota {
  readonly limit: number
  readonly windowSeconds: number
  readonly of?: Bounded
}

/** What a call counts against: the quota of a key. */
export interface Meter {
  readonly key: string
  readonly quota: Quota
}

/** Whether a call may go on, and how the quota stands. */
export interface Allowance {
  readonly allowed: boolean
  readonly quota: Quota
  readonly remaining: number
  /** Whole seconds until one more call is free. */
  readonly resetSeconds: number
}

/** Whether one more call fits beside those that were made. */
export const allows = ({ limit }: Quota, used: number): boolean => used < limit

/** Of several, the one to report: the refusal that lasts longest, or, where all allow the call, the one with the least left. */
export function tightest(allowances: readonly Allowance[]): Allowance | undefined {
  return allowances.reduce<Allowance | undefined>((found, next) => {
    if (!found || found.allowed !== next.allowed) return found?.allowed === false ? found : next
    const isTighter = next.allowed ? next.remaining < found.remaining : next.resetSeconds > found.resetSeconds
    return isTighter ? next : found
  }, undefined)
}
