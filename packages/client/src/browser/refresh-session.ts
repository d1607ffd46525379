import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { widgetAuthPath } from '@hallpass/contracts/core/widget-auth-path'
import { type CachedSession, isOver, isSessionAnswer, toCached } from './cached-session.js'
import { callService, urlOf } from './call-service.js'
import { mayBeLost, reasonOf, WidgetSessionError } from './errors.js'
import { isPromotion } from './identity.js'
import { logOut } from './log-out.js'
import { readNewest } from './read-newest.js'
import { withRetries } from './retry.js'
import type { SessionController } from './session-controller.js'

/** One attempt of a page to get a session. */
export interface Attempt {
  readonly controller: SessionController
  /** The number of cancellations before it. Its result is discarded if there were more since. */
  readonly cancellations: number
}

export async function refreshSession(attempt: Attempt, cached: CachedSession): Promise<CachedSession> {
  const { controller } = attempt
  const { dispatch, platform } = controller
  const notes = (await controller.records())?.notes
  const { session_id, refresh_token } = cached.answer
  /** Another tab may have refreshed or upgraded the session in the meantime. */
  const replaced = () => {
    const now = controller.model.cached
    const isSame = now?.answer.session_id === session_id && now.generation <= cached.generation
    return isSame ? undefined : controller.current
  }
  const isOld = () => (notes?.read(cached)?.generation ?? 0) > cached.generation
  const note = notes?.read(cached)
  const send = async () => {
    // an old token would end the session for the pages that have the newer one
    if (replaced() || isOld()) throw expired()
    notes?.write(cached, { isSent: true })
    return post(attempt, 'refresh', { refresh_token })
  }
  try {
    const answer = await withRetries(platform, send)
    return replaced() ?? accept(controller, answer, cached)
  } catch (error) {
    if (!mayBeLost(error)) notes?.write(cached, { isSent: false })
    await readNewest(controller)
    const other = replaced()
    if (other) return other
    requireWanted(attempt)
    if (isOld()) {
      dispatch({ type: 'ended', how: 'expired', isRemote: true, cancels: false })
      throw expired()
    }
    if (!isRefusedToken(error)) throw error
    // a refresh whose response was lost may have used up the token, which isn't a revocation
    const { doubt } = controller.model
    const isUsedUp = note?.isSent || isOver(platform, cached) || (note ? doubt === 'used' : doubt)
    const how = isUsedUp ? 'expired' : 'revoked'
    dispatch({ type: 'ended', how, isRemote: false, cancels: false })
    throw how === 'revoked' ? revoked() : expired(error)
  }
}

/** Adopts the session in a response of the service. It may replace an earlier one. */
export function accept(
  { dispatch, platform }: SessionController,
  answer: SessionAnswer,
  before: CachedSession | undefined,
): CachedSession {
  const isNext = before && (before.answer.session_id === answer.session_id || isPromotion(before.answer, answer))
  const lineage = isNext
    ? { generation: before.generation + 1, secret: before.secret }
    : { generation: 0, secret: platform.newSecret?.() }
  const cached = toCached(platform, { answer, ...lineage })
  dispatch({ type: 'answered', cached })
  return cached
}

/** Calls the service. Doesn't call it, or discards its response, after a logout. */
export async function post(
  attempt: Attempt,
  operation: 'guest' | 'exchange' | 'refresh',
  body: object,
): Promise<SessionAnswer> {
  const { options, dispatch } = attempt.controller
  requireWanted(attempt)
  try {
    const path = widgetAuthPath + operation
    const headers = await options.binding?.headers({ method: 'POST', url: urlOf(options, path) })
    const answer = await callService(attempt.controller, { path, body, headers })
    if (!isSessionAnswer(answer)) throw new WidgetSessionError('network', 'The response is not from Hallpass.')
    requireWanted(attempt, answer)
    return answer
  } catch (error) {
    dispatch({ type: 'unanswered', error })
    throw error
  }
}

/** Throws after a logout, so that an attempt from before it doesn't create a new session. */
export function requireWanted({ controller, cancellations }: Attempt, answer?: SessionAnswer): void {
  const { model } = controller
  if (model.cancellations === cancellations) return
  // no page will ever use its tokens, unless the session can still be confirmed
  if (answer && !model.doubt) logOut(controller, answer)
  throw model.lastEnd === 'forgotten' ? new WidgetSessionError('aborted', 'The session was forgotten.') : expired()
}

export const isRefusedToken = (error: unknown) => reasonOf(error) === 'invalid_token'

const expired = (cause?: unknown) => new WidgetSessionError('expired', 'The session has expired.', { cause })

export const revoked = () => new WidgetSessionError('revoked', 'The session was revoked. begin() starts another.')
