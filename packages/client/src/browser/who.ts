import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import type { WidgetSessionOptions } from './session-types.js'

/** For whom a page wants its session. A user whose id the page did not say is like nobody else. */
export type Who = { readonly kind: 'guest' } | { readonly kind: 'user'; readonly id: string | undefined }

export const whoOf = ({ visitorToken, userId }: WidgetSessionOptions): Who =>
  visitorToken ? { kind: 'user', id: userId } : { kind: 'guest' }

/** Who a user's session is for. */
export const userOf = ({ user }: SessionAnswer): Who => ({ kind: 'user', id: user?.id })

/** Whether a session speaks for the one it is wanted for. A page never takes over the session of another user. */
export function speaksFor(who: Who, { auth_mode, user }: SessionAnswer): boolean {
  if (who.kind === 'guest') return auth_mode === 'guest'
  return auth_mode === 'user' && who.id !== undefined && user?.id === who.id
}

/** Whether a page may start from a session that it finds: its own, or a guest's, who then becomes its user. */
export const mayStartFrom = (who: Who, answer: SessionAnswer): boolean =>
  speaksFor(who, answer) || answer.auth_mode === 'guest'
