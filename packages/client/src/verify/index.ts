export type { BridgeClaims, SessionClaims } from '@hallpass/contracts'
export type { DeclaredClaims } from '../declared-kinds.js'
export { HallpassError } from '../hallpass-error.js'
export {
  createVerifier,
  type DeclaredVerifierOptions,
  type RequiredOfToken,
  type RevocationOptions,
  type Verifier,
  type VerifierOptions,
} from './create-verifier.js'
export type { GuardRefusal } from './guard/answer-refusal.js'
export { createGuard, type Guard, type GuardOptions } from './guard/create-guard.js'
export type { HeldToken, HoldOptions } from './hold/held-token.js'
export { HoldEndedError, type HoldEndReason } from './hold/hold-ended.js'
export type { PresentedIn } from './proof/check-binding.js'
export type { RememberProof } from './proof/remember-proofs.js'
export { type RefusalReason, refusalReasons } from './refusal.js'
export type { RefusedVerdict, Verdict, VerifiableKind, VerifiedClaims } from './verdict.js'
