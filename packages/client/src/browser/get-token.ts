import { acquireSession } from './acquire-session.js'
import { upgradeSession } from './begin-session.js'
import { type CachedSession, dueIn, isLive } from './cached-session.js'
import { isRefusal, reasonOf, toWidgetError, WidgetSessionError } from './errors.js'
import type { SessionController } from './session-controller.js'
import { visitorOf } from './session-state.js'
import type { Visitor } from './session-types.js'

export async function liveToken(controller: SessionController): Promise<string> {
  const { current, platform } = controller
  if (current && isLive(platform, current)) {
    if (dueIn(platform, current) <= 0) controller.renew()
    return current.answer.token
  }
  return (await acquireOrBegin(controller)).answer.token
}

/** If the session turns out to have expired, begins a new one immediately, because the caller is waiting. */
async function acquireOrBegin(controller: SessionController): Promise<CachedSession> {
  const isEnough = (cached: CachedSession) => isLive(controller.platform, cached)
  try {
    return await acquireSession(controller, isEnough)
  } catch (error) {
    if (reasonOf(error) === 'expired') return acquireSession(controller, isEnough)
    throw error
  }
}

export async function beginNow(controller: SessionController): Promise<Visitor> {
  controller.dispatch({ type: 'restarted' })
  return visitorOf((await acquireOrBegin(controller)).answer)
}

export async function upgradeNow(controller: SessionController, visitorToken: string): Promise<Visitor> {
  try {
    return visitorOf((await upgradeSession(controller, visitorToken)).answer)
  } catch (thrown) {
    const error = toWidgetError(thrown)
    if (isRefusal(error)) controller.dispatch({ type: 'refused', error, keepsSession: true })
    throw error
  }
}

/** A token other than the refused one. Fails if the session was closed, because it couldn't share the token with the other tabs. */
export async function tokenAfter(controller: SessionController, refused: string): Promise<string> {
  if (!controller.isOpen) throw new WidgetSessionError('aborted', 'The session was closed.')
  const { current } = controller
  if (current && current.answer.token !== refused) return liveToken(controller)
  return (await acquireSession(controller, ({ answer }) => answer.token !== refused)).answer.token
}
