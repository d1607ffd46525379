import type { WebhookFact } from './webhook-event.js'

/** Why a session ended. */
type EndReason = 'logout' | 'revoked' | 'reuse'

interface SessionIds {
  readonly session_id: string
  readonly visitor_id?: string | undefined
  readonly client_key_id?: string | undefined
}

export const sessionEnded = (ids: SessionIds, reason: EndReason): WebhookFact => ({
  type: 'session.ended',
  subject: ids.session_id,
  data: { ...ids, reason },
})

export const reuseDetected = (ids: SessionIds): WebhookFact => ({
  type: 'session.reuse_detected',
  subject: ids.session_id,
  data: { ...ids },
})

/** A token, by its id and never by its bytes. */
interface TokenIds {
  readonly kind: string
  readonly token_id: string
  readonly card_id?: string
  readonly uses_left?: number
}

export const tokenFact = (type: 'token.minted' | 'token.spent' | 'token.revoked', ids: TokenIds): WebhookFact => ({
  type,
  subject: ids.token_id,
  data: { ...ids },
})
