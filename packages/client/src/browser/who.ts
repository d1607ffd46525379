import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import type { WidgetSessionOptions } from './session-types.js'

/** The identity that a page wants a session for. A user without an id never matches another one. */
export type Who = { readonly kind: 'guest' } | { readonly kind: 'user'; readonly id: string | undefined }

export const whoOf = ({ visitorToken, userId }: WidgetSessionOptions): Who =>
  visitorToken ? { kind: 'user', id: userId } : { kind: 'guest' }

/** The identity of a user's session. */
export const userOf = ({ user }: SessionAnswer): Who => ({ kind: 'user', id: user?.id })

/** Whether a session belongs to the wanted identity. A page never adopts the session of another user. */
export function speaksFor(who: Who, { auth_mode, user }: SessionAnswer): boolean {
  if (who.kind === 'guest') return auth_mode === 'guest'
  return auth_mode === 'user' && who.id !== undefined && user?.id === who.id
}

/** Whether a page can use an existing session: one of its own identity, or a guest's, which it then upgrades. */
export const mayStartFrom = (who: Who, answer: SessionAnswer): boolean =>
  speaksFor(who, answer) || answer.auth_mode === 'guest'
