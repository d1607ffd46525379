import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import type { Ending } from './ending.js'
import { isPassing, WidgetSessionError } from './errors.js'
import { type HeldSession, hold, pack } from './held-session.js'
import { currentOf, type Page, schedule } from './page.js'
import { packError } from './portable-error.js'
import { backoff } from './retry.js'
import { visitorOf } from './session-state.js'
import { whoOf } from './who.js'

/** An answer of the service: this page's session from now on, and the other tabs'. */
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

/** Makes a session this page's own, wherever it came from. */
export function become(page: Page, held: HeldSession, type: 'ready' | 'refreshed' | 'upgraded'): void {
  page.held = held
  page.isInDoubt = false
  void page.store.set(page.name, JSON.stringify(pack(page.platform, held)))
  // a guest's session is no session yet for a page that wants a user's; it is where that one starts from
  if (!currentOf(page)) return
  page.failures = 0
  page.notBefore = 0
  const visitor = visitorOf(held.answer)
  page.state.set({ status: 'ready', visitor }, { type, visitor })
  schedule(page)
}

/** The session is over, in all tabs. */
export function end(page: Page, how: Ending): void {
  if (page.held) page.tabs.tell({ type: 'over', session_id: page.held.answer.session_id, how })
  endHere(page, how)
}

/** Somebody ended it, not the attempt under way: what that brings is not used, and whoever asks from now on asks anew. */
export function interrupt(page: Page, how: Ending): void {
  page.endings += 1
  page.lastEnding = how
  page.pending = undefined
}

export function drop(page: Page): void {
  page.held = undefined
  void page.store.remove(page.name)
}

/** The session is over, as the service or another tab found. */
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

/** Someone said no to what the page goes on without, as an upgrade. */
export function report(page: Page, error: WidgetSessionError): void {
  page.state.set({ ...page.state.get(), error }, { type: 'refused', error })
}

/** Someone said no. What is held is kept, and the next need asks again. */
export function refuse(page: Page, error: WidgetSessionError): void {
  page.stopTimer()
  page.state.set({ ...page.state.get(), status: 'refused', error }, { type: 'refused', error })
}

/** Time mends this: nobody is logged out, and it is tried again later, by one of the tabs. */
export function postpone(page: Page, error: WidgetSessionError): void {
  page.tabs.tell({ type: 'failed', error: packError(error) })
  postponeHere(page, error)
}

/** What failed may have been done all the same, and have spent the tokens that are held; who is refused by a limit knows better. */
export function doubt(page: Page, error: unknown): void {
  if (isPassing(error) && !(error instanceof WidgetSessionError && error.reason === 'rate_limited'))
    page.isInDoubt = true
}

/** Another tab, or this one, found that the service does not get through. */
export function postponeHere(page: Page, error: WidgetSessionError): void {
  doubt(page, error)
  page.failures += 1
  const wait = Math.max((error.retryAfter ?? 0) * 1000, backoff(page.platform, page.failures))
  page.notBefore = page.platform.monotonic() + wait
  page.state.set({ ...page.state.get(), error })
  schedule(page)
}
