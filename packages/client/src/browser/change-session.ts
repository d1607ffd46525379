import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import type { Ending } from './ending.js'
import { isPassing, WidgetSessionError } from './errors.js'
import { type HeldSession, hold, pack } from './held-session.js'
import { currentOf, type Page, schedule } from './page.js'
import { packError } from './portable-error.js'
import { backoff } from './retry.js'
import { visitorOf } from './session-state.js'
import { whoOf } from './who.js'

/** Adopts the session in a response of the service, and shares it with the other tabs. */
export function take(page: Page, answer: SessionAnswer): HeldSession {
  const before = page.held?.answer
  const isSame = before?.session_id === answer.session_id
  const isPromoted = !isSame && before?.visitor_id === answer.visitor_id && before.auth_mode === 'guest'
  const held = hold(page.platform, answer, isSame && page.held ? page.held.generation + 1 : 0)
  become(page, held, isSame ? 'refreshed' : isPromoted ? 'upgraded' : 'ready')
  const from = isPromoted ? { from: before.session_id } : {}
  page.tabs.tell({ type: 'session', session: pack(page.platform, held), ...from })
  return held
}

/** Adopts a session, from the service, another tab or the storage. */
export function become(page: Page, held: HeldSession, type: 'ready' | 'refreshed' | 'upgraded'): void {
  page.held = held
  page.isInDoubt = false
  void page.store.set(page.name, JSON.stringify(pack(page.platform, held)))
  // for a page that wants a user's session, a guest's is only a starting point
  if (!currentOf(page)) return
  page.failures = 0
  page.notBefore = 0
  const visitor = visitorOf(held.answer)
  page.state.set({ status: 'ready', visitor }, { type, visitor })
  schedule(page)
}

/** Ends the session in all tabs. */
export function end(page: Page, how: Ending): void {
  if (page.held) page.tabs.tell({ type: 'over', session_id: page.held.answer.session_id, how })
  endHere(page, how)
}

/** Cancels the current attempt, because the session was ended elsewhere. Its result is discarded, and the next call starts again. */
export function interrupt(page: Page, how: Ending): void {
  page.endings += 1
  page.lastEnding = how
  page.pending = undefined
}

export function drop(page: Page): void {
  page.held = undefined
  void page.store.remove(page.name)
}

/** Ends the session in this tab. */
export function endHere(page: Page, how: Ending): void {
  if (!page.held) return
  const visitor = visitorOf(page.held.answer)
  const wasShown = currentOf(page) !== undefined
  drop(page)
  page.who = whoOf(page.options)
  page.notBefore = 0
  page.stopTimer()
  if (!wasShown) return
  const status = how === 'forgotten' ? 'idle' : how
  page.state.set({ status }, { type: how === 'revoked' ? 'revoked' : 'expired', visitor })
}

/** Reports a refusal that doesn't end the session, such as of an upgrade. */
export function report(page: Page, error: WidgetSessionError): void {
  page.state.set({ ...page.state.get(), error }, { type: 'refused', error })
}

/** Reports a refusal. The current tokens are kept, and the next call tries again. */
export function refuse(page: Page, error: WidgetSessionError): void {
  page.stopTimer()
  page.state.set({ ...page.state.get(), status: 'refused', error }, { type: 'refused', error })
}

/** Handles a temporary failure: no one is logged out, and one of the tabs tries again later. */
export function postpone(page: Page, error: WidgetSessionError): void {
  page.tabs.tell({ type: 'failed', error: packError(error) })
  postponeHere(page, error)
}

/** A failed call may have used up the current tokens anyway, unless it was rate-limited. */
export function doubt(page: Page, error: unknown): void {
  if (isPassing(error) && !(error instanceof WidgetSessionError && error.reason === 'rate_limited'))
    page.isInDoubt = true
}

/** Postpones the next attempt after a temporary failure in this tab or another one. */
export function postponeHere(page: Page, error: WidgetSessionError): void {
  doubt(page, error)
  page.failures += 1
  const wait = Math.max((error.retryAfter ?? 0) * 1000, backoff(page.platform, page.failures))
  page.notBefore = page.platform.monotonic() + wait
  page.state.set({ ...page.state.get(), error })
  schedule(page)
}
