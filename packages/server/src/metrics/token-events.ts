import type { Operation, OperationId } from '@hallpass/contracts'
import type { Outcome } from '../execute/outcome.js'

/** What happened to a token of which kind. */
export interface TokenEvent {
  readonly event: 'minted' | 'spent' | 'refused'
  readonly kind: string
}

interface Handling {
  readonly mints?: string
  readonly spends?: string
}

/** What an operation hands out, and what it takes for it. */
const handling: { readonly [Id in OperationId]?: Handling } = {
  'bridge.initialize': { mints: 'bridge' },
  'visitor.guest': { mints: 'widget-session' },
  'visitor.userToken': { mints: 'visitor' },
  'visitor.exchange': { mints: 'widget-session', spends: 'visitor' },
  'visitor.refresh': { mints: 'widget-session', spends: 'refresh' },
  'visitor.embedTicket': { mints: 'embed-ticket' },
  'card.widgetToken': { mints: 'card' },
  'tokens.redeem': { spends: 'card' },
}

/** Refusals that speak about the token itself, not about its bearer or the service. */
const tokenReasons = new Set([
  'invalid_token',
  'not_found',
  'token_already_used',
  'token_expired',
  'token_revoked',
  'token_wrong_widget_type',
])

/** The token events of a call. A repeated answer is none: nothing was minted or spent again. */
export function tokenEventsOf({ id }: Operation, outcome: Outcome): readonly TokenEvent[] {
  // the table's key is the operation's id
  const { mints, spends } = handling[id as OperationId] ?? {}
  if ('error' in outcome) {
    return spends && tokenReasons.has(outcome.error.reason) ? [{ event: 'refused', kind: spends }] : []
  }
  if (outcome.answer.replayed) return []
  return [
    ...(mints ? [{ event: 'minted', kind: mints } as const] : []),
    ...(spends ? [{ event: 'spent', kind: spends } as const] : []),
  ]
}
