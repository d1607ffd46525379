export type { BridgeClaims, SessionClaims } from '@hallpass/contracts'
export {
  createVerifier,
  type RevocationOptions,
  type Verdict,
  type VerifiableKind,
  type Verifier,
  type VerifierOptions,
} from './create-verifier.js'
export type { GuardRefusal } from './guard/answer-refusal.js'
export { createGuard, type Guard, type GuardOptions } from './guard/create-guard.js'
export { type RefusalReason, refusalReasons } from './refusal.js'
