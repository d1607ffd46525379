import type { Rules } from './linearize.js'

/**
 * The calls about one card token. `end` is a cutoff that covers it, by customer, card, key or account. `disable` disables
 * its account.
 */
export type CardCall = 'redeem' | 'revoke' | 'end' | 'disable' | 'introspect'
type CardState = 'open' | 'spent' | 'revoked' | 'spent, disabled' | 'revoked, disabled'

/** The rules of `tokens.qnt` and `calls.qnt` for a card token within its 5 minutes, until its account is enabled again. */
export const cardRules: Rules<CardState, CardCall, string> = {
  first: 'open',
  nameOf: (state) => state,
  next(state, call, reply) {
    if (call === 'introspect') {
      return reply === undefined || (reply === 'active') === (state === 'open') ? [state] : []
    }
    if (call === 'disable') return [state.startsWith('spent') ? 'spent, disabled' : 'revoked, disabled']
    if (call !== 'redeem') return [state === 'open' ? 'revoked' : state]
    if (reply !== undefined && !repliesToRedeem[state].includes(reply)) return []
    return [state === 'open' ? 'spent' : state]
  },
}

const repliesToRedeem: Readonly<Record<CardState, readonly string[]>> = {
  open: ['ok'],
  spent: ['TOKEN_ALREADY_USED'],
  revoked: ['TOKEN_REVOKED'],
  // a replica may not have heard that the account is disabled, but must know that its tokens are over
  'spent, disabled': ['ACCOUNT_DISABLED', 'TOKEN_ALREADY_USED'],
  'revoked, disabled': ['ACCOUNT_DISABLED', 'TOKEN_REVOKED'],
}

/** The calls about one session: `refresh` and `introspect` name a refresh token, counted from 0. */
export type SessionCall =
  | { readonly op: 'refresh' | 'introspect'; readonly token: number }
  | { readonly op: 'end' }
  | { readonly op: 'introspect session' }

interface SessionState {
  readonly current: number
  readonly isOver: boolean
}

/** The rules for a session, as long as its predecessor may be sent again. */
export const sessionRules: Rules<SessionState, SessionCall, string> = {
  first: { current: 0, isOver: false },
  nameOf: ({ current, isOver }) => `${current} ${isOver}`,
  next(state, call, reply) {
    const { current, isOver } = state
    const over = { current, isOver: true }
    if (call.op === 'end') return [over]
    const agrees = (isActive: boolean) => (reply === undefined || (reply === 'active') === isActive ? [state] : [])
    if (call.op === 'introspect session') return agrees(!isOver)
    if (call.op === 'introspect') return agrees(!isOver && call.token === current)
    const [expected, after] = isOver
      ? (['invalid_token', over] as const)
      : call.token === current
        ? ([`token ${current + 1}`, { current: current + 1, isOver }] as const)
        : call.token === current - 1
          ? ([`token ${current}`, state] as const)
          : (['invalid_token', over] as const)
    return reply === undefined || reply === expected ? [after] : []
  },
}
