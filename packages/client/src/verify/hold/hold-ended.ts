import { type RefusalReason, refusalReasons } from '../refusal.js'

/** Why a held token ended: one of these reasons of a verifier. */
export type HoldEndReason = Extract<RefusalReason, 'expired' | 'revoked' | 'unknown_key' | 'unavailable'>

/** The abort reason of a held token's signal. */
export class HoldEndedError extends Error {
  override readonly name = 'HoldEndedError'
  readonly reason: HoldEndReason

  constructor(reason: HoldEndReason) {
    super(refusalReasons[reason])
    this.reason = reason
  }
}
