import { type RefusalReason, refusalReasons } from '../refusal.js'

/** Why a held token ended: some of the reasons that a verifier refuses a token for. */
export type HoldEndReason = Extract<RefusalReason, 'expired' | 'revoked' | 'unknown_key' | 'unavailable'>

/** The `reason` of the signal of a held token that has ended. */
export class HoldEndedError extends Error {
  override readonly name = 'HoldEndedError'
  readonly reason: HoldEndReason

  constructor(reason: HoldEndReason) {
    super(refusalReasons[reason])
    this.reason = reason
  }
}
