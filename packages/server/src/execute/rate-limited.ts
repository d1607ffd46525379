import { messages } from '../error-messages.js'
import { HallpassError, type RefusalDetails } from '../errors.js'
import type { Allowance } from '../limits/allowance.js'

/** A call that exceeds its quota, which the headers of the response show. Without a quota, the caller has no limit. */
export class RateLimited extends HallpassError {
  readonly allowance: Allowance | undefined

  constructor(allowance: Allowance | undefined, details: Required<Pick<RefusalDetails, 'retryAfter' | 'explain'>>) {
    super('rate_limited', messages.tooManyRequests, details)
    this.allowance = allowance
  }
}
