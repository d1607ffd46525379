import { toSeconds } from '../clock.js'
import type { CredentialKind, FailureGate } from '../limits/failure-gate.js'
import type { Verify } from '../signing/verify-token.js'
import type { Call } from './call.js'
import { overQuota } from './quotas.js'
import type { Services } from './services.js'

/** Checks a credential. The check returns undefined for a wrong one. Refuses the call if too many were wrong. */
export type CheckCredential = <T>(check: () => Promise<T | undefined>) => Promise<T | undefined>

/** Limits the wrong credentials of each address. */
export function checkThrough(
  gate: FailureGate,
  kind: CredentialKind,
  { address }: Pick<Call, 'address'>,
): CheckCredential {
  return async (check) => {
    const attempt = await gate.attempt(kind, address, check)
    if ('found' in attempt) return attempt.found
    throw overQuota(attempt.refused)
  }
}

/**
 * Verifies tokens from anywhere. Only a token that this server didn't make counts as wrong. An expired token is no sign
 * of guessing: an office whose tabs wake up in the morning sends many.
 */
export function verifyChecked({ verify, clock }: Pick<Services, 'verify' | 'clock'>, check: CheckCredential): Verify {
  return async (kind, token, options) => {
    const claims = await check(() => verify(kind, token, { evenExpired: true }))
    const isLive = claims !== undefined && claims.exp > toSeconds(clock.now())
    return isLive || options?.evenExpired ? claims : undefined
  }
}
