import { HallpassError } from '../../hallpass-error.js'
import { type RefusalReason, refusalReasons } from '../refusal.js'

/** Why a held token ended: one of these reasons of a verifier. */
export type HoldEndReason = Extract<RefusalReason, 'expired' | 'revoked' | 'unknown_key' | 'unavailable'>

/** The abort reason of a held token's signal. */
export class HoldEndedError extends HallpassError {
  override readonly name = 'HoldEndedError'
  declare readonly reason: HoldEndReason

  constructor(reason: HoldEndReason) {
    super(reason, refusalReasons[reason], {})
  }
}
