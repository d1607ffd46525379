import type { ClaimsOf } from '@hallpass/contracts'
import type { DeclaredClaims } from '../declared-kinds.js'
import { type RefusalReason, refusalReasons } from './refusal.js'

/**
 * The built-in kinds of token that a resource server can verify. The others are single-use, so only the issuer can accept
 * them.
 */
export type VerifiableKind = 'bridge' | 'widget-session'

/** The claims of a token of a kind, which is built in or declared by you. */
export type VerifiedClaims<K extends string> = K extends VerifiableKind ? ClaimsOf<K> : DeclaredClaims<K>

/** The result of verifying a token: its claims, or why it was refused. */
export type Verdict<K extends string> = { readonly ok: true; readonly claims: VerifiedClaims<K> } | RefusedVerdict

/** Why a token was refused. */
export interface RefusedVerdict {
  readonly ok: false
  readonly reason: RefusalReason
  readonly description: string
  /** Why introspection failed, such as a secret key without the scope. For your log. */
  readonly cause?: unknown
}

export const refused = (refusal: Pick<RefusedVerdict, 'reason' | 'cause'>): RefusedVerdict => ({
  ok: false,
  description: refusalReasons[refusal.reason],
  ...refusal,
})
