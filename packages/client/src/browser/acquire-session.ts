import { beginSession } from './begin-session.js'
import type { CachedSession } from './cached-session.js'
import { isRefusal, isTransient, reasonOf, toWidgetError } from './errors.js'
import { readNewest } from './read-newest.js'
import { type Attempt, refreshSession, requireWanted, revoked } from './refresh-session.js'
import { postponedBy, recordFailure, type SessionController } from './session-controller.js'

/** Gets a session that is good enough: this page's, another tab's, or a new one. One attempt runs at a time across all tabs. */
export function acquireSession(
  controller: SessionController,
  isEnough: (cached: CachedSession) => boolean,
): Promise<CachedSession> {
  if (controller.pending) return controller.pending
  const pending = acquire(controller, isEnough).finally(() => {
    // after a logout, another attempt may have replaced this one
    if (controller.pending !== pending) return
    controller.pending = undefined
    controller.dispatch({ type: 'settled' })
  })
  controller.pending = pending
  controller.dispatch({ type: 'attempted' })
  return pending
}

async function acquire(
  controller: SessionController,
  isEnough: (cached: CachedSession) => boolean,
): Promise<CachedSession> {
  const attempt = { controller, cancellations: controller.model.cancellations }
  const enough = () => {
    const { current } = controller
    return current && isEnough(current) && current
  }
  return controller.tabs.exclusively(async () => {
    // another page may have refreshed it, also one that is gone
    await readNewest(controller)
    if (!enough()) await controller.tabs.ask(enough)
    const found = enough()
    if (found) return found
    const obstacle = postponedBy(controller) ?? (controller.model.state.status === 'revoked' ? revoked() : undefined)
    if (obstacle) throw obstacle
    requireWanted(attempt)
    return recordingFailures(controller, () => refreshOrBegin(attempt))
  })
}

/** Begins another session if this page may have missed the newest tokens. */
async function refreshOrBegin(attempt: Attempt): Promise<CachedSession> {
  const { current, model } = attempt.controller
  try {
    return await (current ? refreshSession(attempt, current) : beginSession(attempt))
  } catch (error) {
    if (model.doubt && model.doubt !== 'used' && reasonOf(error) === 'expired') return beginSession(attempt)
    throw error
  }
}

/** Records why an attempt failed in the page's state. */
async function recordingFailures<T>(controller: SessionController, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    const error = toWidgetError(thrown)
    if (isTransient(error)) recordFailure(controller, error, false)
    else if (isRefusal(error)) controller.dispatch({ type: 'refused', error, keepsSession: false })
    throw error
  }
}
