import { report } from './change-session.js'
import { isRefusal, toWidgetError, WidgetSessionError } from './errors.js'
import { dueIn, type HeldSession, isLive } from './held-session.js'
import { obtain, upgrade } from './obtain-session.js'
import { currentOf, type Page } from './page.js'
import { visitorOf } from './session-state.js'
import type { Visitor } from './session-types.js'

export async function liveToken(page: Page): Promise<string> {
  const { platform } = page
  const held = currentOf(page)
  if (held && isLive(platform, held)) {
    if (dueIn(platform, held) <= 0) page.renew()
    return held.answer.token
  }
  return (await obtainOrBegin(page)).answer.token
}

/** If the session turns out to have expired, begins a new one immediately, because the caller is waiting. */
async function obtainOrBegin(page: Page) {
  const isEnough = (held: HeldSession) => isLive(page.platform, held)
  try {
    return await obtain(page, isEnough)
  } catch (error) {
    if (error instanceof WidgetSessionError && error.reason === 'expired') return obtain(page, isEnough)
    throw error
  }
}

export async function beginNow(page: Page): Promise<Visitor> {
  const { status } = page.state.get()
  page.notBefore = 0
  if (status === 'revoked') page.state.set({ status: 'idle' })
  return visitorOf((await obtainOrBegin(page)).answer)
}

export async function upgradeNow(page: Page, visitorToken: string): Promise<Visitor> {
  try {
    return visitorOf((await upgrade(page, visitorToken)).answer)
  } catch (thrown) {
    const error = toWidgetError(thrown)
    if (isRefusal(error)) report(page, error)
    throw error
  }
}

/** A token other than the refused one. Fails if the session was closed, because it couldn't share the token with the other tabs. */
export async function tokenAfter(page: Page, refused: string): Promise<string> {
  if (!page.isOpen) throw new WidgetSessionError('aborted', 'The session was closed.')
  const held = currentOf(page)
  if (held && held.answer.token !== refused) return liveToken(page)
  return (await obtain(page, ({ answer }) => answer.token !== refused)).answer.token
}
