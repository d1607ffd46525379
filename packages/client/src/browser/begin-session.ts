import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { type CachedSession, isLive } from './cached-session.js'
import { isTransient } from './errors.js'
import { readNewest } from './read-newest.js'
import { type Attempt, accept, isRefusedToken, post, refreshSession } from './refresh-session.js'
import { withRetries, withTimeout } from './retry.js'
import type { SessionController } from './session-controller.js'

export async function beginSession(attempt: Attempt): Promise<CachedSession> {
  const { controller } = attempt
  const token = await withTimeout(controller.platform, controller.options.visitorToken?.())
  if (token !== undefined) return exchange(attempt, token)
  controller.dispatch({ type: 'anonymous' })
  const { current, model, platform } = controller
  const { cached } = model
  if (cached?.answer.auth_mode !== 'guest') return beginGuest(attempt)
  return current && isLive(platform, current) ? current : refreshSession(attempt, cached)
}

async function beginGuest(attempt: Attempt): Promise<CachedSession> {
  const { agentId, locale, metadata } = attempt.controller.options
  return accept(attempt.controller, await start(attempt, 'guest', { agent_id: agentId, locale, metadata }), undefined)
}

/** Starts a session with the proof of the host page. A session that continues a guest session has that one's proof. */
function start(
  attempt: Attempt,
  path: 'guest' | 'exchange',
  body: Readonly<Record<string, unknown>>,
): Promise<SessionAnswer> {
  const { platform, options } = attempt.controller
  const { clientKey, embedTicket } = options
  return withRetries(platform, async () => {
    // a new ticket for each try, because a call that gets through uses it up
    const embed_ticket = await withTimeout(platform, body.session_token ? undefined : embedTicket?.())
    return post(attempt, path, { ...body, client_key: clientKey, embed_ticket })
  })
}

async function exchange(attempt: Attempt, token: string): Promise<CachedSession> {
  const { controller } = attempt
  const guest = await liveGuest(attempt)
  const swap = async (session_token: string | undefined) => {
    // send the client key, so that a token for another client key is refused instead of creating a new visitor
    return accept(controller, await start(attempt, 'exchange', { token, session_token }), guest)
  }
  if (!guest) return swap(undefined)
  try {
    return await swap(guest.answer.token)
  } catch (error) {
    if (!isRefusedToken(error)) throw error
  }
  try {
    // the guest session has ended elsewhere; the refusal didn't use up the visitor token
    return await swap(undefined)
  } catch (error) {
    // a lost exchange may have used up both tokens; a refresh shows whether the guest session still exists
    if (controller.model.doubt && isRefusedToken(error)) await refreshSession(attempt, guest).catch(() => {})
    throw error
  }
}

/** The live guest session to start from. If it has ended, the user gets a session without it. */
async function liveGuest(attempt: Attempt): Promise<CachedSession | undefined> {
  const { model, platform } = attempt.controller
  const { cached } = model
  if (cached?.answer.auth_mode !== 'guest') return undefined
  if (isLive(platform, cached)) return cached
  try {
    return await refreshSession(attempt, cached)
  } catch (error) {
    if (isTransient(error)) throw error
    return undefined
  }
}

/** Turns the guest into a user. A refusal doesn't change the guest. */
export async function upgradeSession(controller: SessionController, visitorToken: string): Promise<CachedSession> {
  const attempt = { controller, cancellations: controller.model.cancellations }
  return controller.tabs.exclusively(async () => {
    await readNewest(controller)
    await controller.tabs.ask(() => false)
    return exchange(attempt, visitorToken)
  })
}
