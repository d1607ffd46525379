import { become, drop, endHere, interrupt, postponeHere } from './change-session.js'
import { type HeldSession, pack, unpack } from './held-session.js'
import { currentOf, type Page } from './page.js'
import { unpackError } from './portable-error.js'
import type { TabMessage } from './tabs.js'
import { mayStartFrom, speaksFor, userOf } from './who.js'

/** Handles a message from another tab. */
export function hear(page: Page, message: TabMessage): void {
  const { held, platform } = page
  if (message.type === 'ask') {
    if (held) page.tabs.tell({ type: 'session', session: pack(platform, held) })
  } else if (message.type === 'looked') {
    page.lookLater()
  } else if (message.type === 'failed') {
    postponeHere(page, unpackError(message.error))
  } else if (message.type === 'over') {
    if (held?.answer.session_id !== message.session_id) return
    interrupt(page, message.how)
    endHere(page, message.how)
  } else {
    const found = unpack(platform, message.session)
    if (found) consider(page, found, message.from)
  }
}

/** Adopts another tab's session: newer tokens of the same session, the session that this guest became, or one for a page without any. */
export function consider(page: Page, found: HeldSession, from?: string): void {
  const held = page.held
  if (held?.answer.session_id === found.answer.session_id) {
    if (found.generation > held.generation) become(page, found, 'refreshed')
  } else if (held && held.answer.session_id === from) {
    follow(page, found)
  } else if (!currentOf(page) && page.state.get().status !== 'revoked' && mayStartFrom(page.who, found.answer)) {
    become(page, found, 'ready')
  }
}

/** Follows a guest that became a user. If the page wants another user, its guest session is dropped. */
function follow(page: Page, found: HeldSession): void {
  if (page.who.kind === 'guest') page.who = userOf(found.answer)
  if (speaksFor(page.who, found.answer)) become(page, found, 'upgraded')
  else drop(page)
}
