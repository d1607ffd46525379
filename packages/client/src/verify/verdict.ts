import type { ClaimsOf } from '@hallpass/contracts'
import { type RefusalReason, refusalReasons } from './refusal.js'

/** The kinds of token that a resource server takes. The others are spent once, which only the issuer can decide. */
export type VerifiableKind = 'bridge' | 'widget-session'

/** What came of a token: its claims, or why it was refused. */
export type Verdict<K extends VerifiableKind> = { readonly ok: true; readonly claims: ClaimsOf<K> } | RefusedVerdict

/** Why a token was refused. */
export interface RefusedVerdict {
  readonly ok: false
  readonly reason: RefusalReason
  readonly description: string
  /** Why the issuer could not be asked about the token, such as a key without the scope. For the log. */
  readonly cause?: unknown
}

export const refused = (refusal: Pick<RefusedVerdict, 'reason' | 'cause'>): RefusedVerdict => ({
  ok: false,
  description: refusalReasons[refusal.reason],
  ...refusal,
})
