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

export const apiKeyDisabled = (id: string, more: { readonly reason?: 'leaked' } = {}): WebhookFact => ({
  type: 'api_key.disabled',
  subject: id,
  data: { api_key_id: id, ...more },
})

export const clientKeyUpdated = ({
  id,
  disabled,
}: {
  readonly id: string
  readonly disabled: boolean
}): WebhookFact => ({
  type: 'client_key.updated',
  subject: id,
  data: { client_key_id: id, disabled },
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
