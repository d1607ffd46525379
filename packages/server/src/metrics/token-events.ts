import type { Operation } from '@hallpass/contracts'
import type { Outcome } from '../execute/outcome.js'

/** An event in the life of a token, and the token's kind. */
export interface TokenEvent {
  readonly event: 'minted' | 'spent' | 'refused'
  readonly kind: string
}

/** Refusals because of the token itself, not because of its bearer or the service. */
const tokenReasons = new Set([
  'invalid_token',
  'not_found',
  'token_already_used',
  'token_expired',
  'token_revoked',
  'token_wrong_widget_type',
  'token_wrong_resource',
  'token_action_not_allowed',
])

/** The token events of a call. A repeat has none, because nothing was minted or spent again. */
export function tokenEventsOf(
  { mints, spends }: Pick<Operation, 'mints' | 'spends'>,
  outcome: Outcome,
): readonly TokenEvent[] {
  if ('error' in outcome) {
    return spends && tokenReasons.has(outcome.error.reason) ? [{ event: 'refused', kind: spends }] : []
  }
  if (outcome.answer.replayed) return []
  return [
    ...(mints ? [{ event: 'minted', kind: mints } as const] : []),
    ...(spends ? [{ event: 'spent', kind: spends } as const] : []),
  ]
}
