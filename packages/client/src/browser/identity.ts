import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import type { WidgetSessionOptions } from './session-types.js'

/** The identity that a page wants a session for. A user without an id never matches another one. */
export type Identity = { readonly kind: 'guest' } | { readonly kind: 'user'; readonly id: string | undefined }

export const identityOf = ({ visitorToken, userId }: WidgetSessionOptions): Identity =>
  visitorToken ? { kind: 'user', id: userId } : { kind: 'guest' }

/** The identity of a user's session. */
export const userOf = ({ user }: SessionAnswer): Identity => ({ kind: 'user', id: user?.id })

/** Whether a session belongs to the wanted identity. A page never adopts the session of another user. */
export function speaksFor(identity: Identity, { auth_mode, user }: SessionAnswer): boolean {
  if (identity.kind === 'guest') return auth_mode === 'guest'
  return auth_mode === 'user' && identity.id !== undefined && user?.id === identity.id
}

/** Whether a page can use an existing session: one of its own identity, or a guest's, which it then upgrades. */
export const mayStartFrom = (identity: Identity, answer: SessionAnswer): boolean =>
  speaksFor(identity, answer) || answer.auth_mode === 'guest'

/** Whether a session is the one that a guest's became. */
export const isPromotion = (guest: SessionAnswer, answer: SessionAnswer): boolean =>
  guest.auth_mode === 'guest' && guest.session_id !== answer.session_id && guest.visitor_id === answer.visitor_id
