import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { widgetAuthPath } from '@hallpass/contracts/core'
import { callService } from './call-service.js'
import { become, doubt, end, postpone, refuse, take } from './change-session.js'
import { isPassing, isRefusal, toWidgetError, WidgetSessionError } from './errors.js'
import { type HeldSession, isLive, isOver, isSessionAnswer } from './held-session.js'
import { currentOf, type Page, postponedBy } from './page.js'
import { inTime, withRetries } from './retry.js'
import { userOf } from './who.js'

/** Gets a session that is good enough: this page's, another tab's, or a new one. One attempt runs at a time across all tabs. */
export function obtain(page: Page, isEnough: (held: HeldSession) => boolean): Promise<HeldSession> {
  if (page.pending) return page.pending
  const pending = attempt(page, isEnough).finally(() => {
    // after a logout, another attempt may have replaced this one
    if (page.pending === pending) page.pending = undefined
  })
  page.pending = pending
  return pending
}

async function attempt(page: Page, isEnough: (held: HeldSession) => boolean): Promise<HeldSession> {
  const { endings } = page
  await page.restored
  const enough = () => {
    const held = currentOf(page)
    return held && isEnough(held) ? held : undefined
  }
  return page.tabs.exclusively(async () => {
    if (!enough()) await page.tabs.ask(() => enough() !== undefined)
    const obstacle = postponedBy(page) ?? (page.state.get().status === 'revoked' ? revoked() : undefined)
    const found = enough()
    if (found) return found
    if (obstacle) throw obstacle
    page.endingsBefore = endings
    requireWanted(page)
    const held = currentOf(page)
    return noting(page, () => (held ? refresh(page, held) : begin(page)))
  })
}

/** Turns the guest into a user. A refusal doesn't change the guest. */
export async function upgrade(page: Page, visitorToken: string): Promise<HeldSession> {
  const { endings } = page
  await page.restored
  return page.tabs.exclusively(async () => {
    await page.tabs.ask(() => false)
    page.endingsBefore = endings
    return exchange(page, visitorToken)
  })
}

/** Records why an attempt failed in the page's state. */
async function noting(page: Page, work: () => Promise<HeldSession>): Promise<HeldSession> {
  try {
    return await work()
  } catch (thrown) {
    const error = toWidgetError(thrown)
    if (isPassing(error)) postpone(page, error)
    else if (isRefusal(error)) refuse(page, error)
    throw error
  }
}

async function begin(page: Page): Promise<HeldSession> {
  const { visitorToken } = page.options
  const token = await inTime(page.platform, visitorToken?.())
  if (token !== undefined) return exchange(page, token)
  page.who = { kind: 'guest' }
  const found = currentOf(page)
  if (!found) return guest(page)
  if (!isLive(page.platform, found)) return refresh(page, found)
  become(page, found, 'ready')
  return found
}

async function guest(page: Page): Promise<HeldSession> {
  const { agentId, locale, metadata } = page.options
  return take(page, await start(page, 'guest', { agent_id: agentId, locale, metadata }))
}

/** Starts a session with the proof of the host page. A session that continues a guest session has that one's proof. */
function start(
  page: Page,
  door: 'guest' | 'exchange',
  body: Readonly<Record<string, unknown>>,
): Promise<SessionAnswer> {
  const { clientKey, embedTicket } = page.options
  return withRetries(page.platform, async () => {
    // a new ticket for each try, because a call that gets through uses it up
    const embed_ticket = await inTime(page.platform, body.session_token ? undefined : embedTicket?.())
    return post(page, door, { ...body, client_key: clientKey, embed_ticket })
  })
}

async function exchange(page: Page, token: string): Promise<HeldSession> {
  const guest = await liveGuest(page)
  const swap = async (session_token: string | undefined) => {
    // send the client key, so that a token for another client key is refused instead of creating a new visitor
    const answer = await start(page, 'exchange', { token, session_token })
    page.who = userOf(answer)
    return take(page, answer)
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
    if (page.isInDoubt && isRefusedToken(error)) await refresh(page, guest).catch(() => {})
    throw error
  }
}

/** The live guest session to start from. If it has ended, the user gets a session without it. */
async function liveGuest(page: Page): Promise<HeldSession | undefined> {
  const { held, platform } = page
  if (held?.answer.auth_mode !== 'guest') return undefined
  if (isLive(platform, held)) return held
  try {
    return await refresh(page, held)
  } catch (error) {
    if (isPassing(error)) throw error
    return undefined
  }
}

async function refresh(page: Page, held: HeldSession): Promise<HeldSession> {
  // without Web Locks, another tab may have upgraded the guest in the meantime
  const replaced = () => (isSame(page.held, held) ? undefined : currentOf(page))
  try {
    const body = { refresh_token: held.answer.refresh_token }
    const answer = await withRetries(page.platform, () => post(page, 'refresh', body))
    return replaced() ?? take(page, answer)
  } catch (error) {
    if (!isRefusedToken(error)) throw error
    const other = replaced()
    if (other) return other
    // a refresh whose response was lost may have used up the token, which isn't a revocation
    const how = page.isInDoubt || isOver(page.platform, held) ? 'expired' : 'revoked'
    end(page, how)
    throw how === 'revoked' ? revoked() : expired(error)
  }
}

/** Calls the service. Doesn't call it, or discards its response, after a logout. */
async function post(page: Page, door: 'guest' | 'exchange' | 'refresh', body: object): Promise<SessionAnswer> {
  const { options, platform } = page
  requireWanted(page)
  try {
    const call = { path: widgetAuthPath + door, body }
    const answer = await callService({ baseUrl: options.baseUrl, platform }, call)
    requireWanted(page)
    if (isSessionAnswer(answer)) return answer
    throw new WidgetSessionError('network', 'The response is not from Hallpass.')
  } catch (error) {
    doubt(page, error)
    throw error
  }
}

/** Throws after a logout, so that an attempt from before it doesn't create a new session. */
function requireWanted({ endings, endingsBefore, lastEnding }: Page): void {
  if (endings === endingsBefore) return
  throw lastEnding === 'forgotten' ? new WidgetSessionError('aborted', 'The session was forgotten.') : expired()
}

const isSame = (one: HeldSession | undefined, other: HeldSession) => one?.answer.session_id === other.answer.session_id

const isRefusedToken = (error: unknown) => error instanceof WidgetSessionError && error.reason === 'invalid_token'

const expired = (cause?: unknown) => new WidgetSessionError('expired', 'The session has expired.', { cause })

const revoked = () => new WidgetSessionError('revoked', 'The session was revoked. begin() starts another.')
