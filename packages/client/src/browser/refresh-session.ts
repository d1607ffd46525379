import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { widgetAuthPath } from '@hallpass/contracts/core'
import { type CachedSession, isOver, isSessionAnswer, toCached } from './cached-session.js'
import { callService } from './call-service.js'
import { WidgetSessionError } from './errors.js'
import { withRetries } from './retry.js'
import type { SessionController } from './session-controller.js'
import { currentOf } from './session-model.js'

/** One attempt of a page to get a session. */
export interface Attempt {
  readonly controller: SessionController
  /** The number of cancellations before it. Its result is discarded if there were more since. */
  readonly cancellations: number
}

export async function refreshSession(attempt: Attempt, cached: CachedSession): Promise<CachedSession> {
  const { dispatch, model, platform } = attempt.controller
  const { session_id, refresh_token } = cached.answer
  // without Web Locks, another tab may have upgraded the guest in the meantime
  const replaced = () => (model().cached?.answer.session_id === session_id ? undefined : currentOf(model()))
  try {
    const answer = await withRetries(platform, () => post(attempt, 'refresh', { refresh_token }))
    return replaced() ?? accept(attempt.controller, answer)
  } catch (error) {
    if (!isRefusedToken(error)) throw error
    const other = replaced()
    if (other) return other
    // a refresh whose response was lost may have used up the token, which isn't a revocation
    const how = model().isUncertain || isOver(platform, cached) ? 'expired' : 'revoked'
    dispatch({ type: 'ended', how, isRemote: false, cancels: false })
    throw how === 'revoked' ? revoked() : expired(error)
  }
}

/** Adopts the session in a response of the service. */
export function accept({ dispatch, model, platform }: SessionController, answer: SessionAnswer): CachedSession {
  const before = model().cached
  const isSame = before?.answer.session_id === answer.session_id
  const cached = toCached(platform, answer, isSame ? before.generation + 1 : 0)
  dispatch({ type: 'answered', cached })
  return cached
}

/** Calls the service. Doesn't call it, or discards its response, after a logout. */
export async function post(
  attempt: Attempt,
  path: 'guest' | 'exchange' | 'refresh',
  body: object,
): Promise<SessionAnswer> {
  const { options, platform, dispatch } = attempt.controller
  requireWanted(attempt)
  try {
    const call = { path: widgetAuthPath + path, body }
    const answer = await callService({ baseUrl: options.baseUrl, platform }, call)
    requireWanted(attempt)
    if (isSessionAnswer(answer)) return answer
    throw new WidgetSessionError('network', 'The response is not from Hallpass.')
  } catch (error) {
    dispatch({ type: 'unanswered', error })
    throw error
  }
}

/** Throws after a logout, so that an attempt from before it doesn't create a new session. */
export function requireWanted({ controller, cancellations }: Attempt): void {
  const model = controller.model()
  if (model.cancellations === cancellations) return
  throw model.lastEnd === 'forgotten' ? new WidgetSessionError('aborted', 'The session was forgotten.') : expired()
}

export const isRefusedToken = (error: unknown) =>
  error instanceof WidgetSessionError && error.reason === 'invalid_token'

const expired = (cause?: unknown) => new WidgetSessionError('expired', 'The session has expired.', { cause })

export const revoked = () => new WidgetSessionError('revoked', 'The session was revoked. begin() starts another.')
