import { HallpassError, type RefusalDetails } from '../errors.js'
import type { Allowance } from '../limits/allowance.js'

/** A call over its quota, which the headers of the response show. Without one, nothing limits the caller. */
export class RateLimited extends HallpassError {
  readonly allowance: Allowance | undefined

  constructor(allowance: Allowance | undefined, details: Required<Pick<RefusalDetails, 'retryAfter' | 'explain'>>) {
    super('rate_limited', 'Too many requests; wait before trying again.', details)
    this.allowance = allowance
  }
}
