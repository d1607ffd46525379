import type { Ending } from './ending.js'
import type { WidgetSessionError } from './errors.js'
import { dueIn, type HeldSession } from './held-session.js'
import type { Platform } from './platform.js'
import { createState, type StateHolder } from './session-state.js'
import type { WidgetSessionOptions } from './session-types.js'
import { openStore, type SessionStore } from './storage.js'
import { keepAlone, type Tabs } from './tabs.js'
import { speaksFor, type Who, whoOf } from './who.js'

/** A page's state of the session it shares with other pages. */
export interface Page {
  readonly options: WidgetSessionOptions
  readonly platform: Platform
  /** The name of the session for tabs and the storage. */
  readonly name: string
  readonly store: SessionStore
  readonly state: StateHolder
  isOpen: boolean
  tabs: Tabs
  /** A session of the wanted identity, or of a guest who will become it. */
  held: HeldSession | undefined
  who: Who
  /** Counts the times that the session was ended, here or in another tab. Results of attempts from before are discarded. */
  endings: number
  lastEnding: Ending | undefined
  /** The value of `endings` when the current attempt started. A page runs one attempt at a time. */
  endingsBefore: number
  /** The number of consecutive temporary failures. */
  failures: number
  /** The time on the monotonic clock before which nothing is retried. */
  notBefore: number
  /** Whether a call without a response may have used up the current tokens. */
  isInDoubt: boolean
  /** The current attempt of this page, unless it was cancelled. */
  pending: Promise<HeldSession> | undefined
  restored: Promise<void>
  stopTimer: () => void
  /** Renews the session if it is due. */
  renew: () => void
  /** Postpones this tab's next check of the revocation feed, because another tab has just made one. */
  lookLater: () => void
}

export function createPage(options: WidgetSessionOptions, platform: Platform): Page {
  return {
    options,
    platform,
    name: ['hallpass', options.baseUrl, options.clientKey, options.group].filter(Boolean).join(' '),
    store: openStore(options.storage ?? 'memory'),
    state: createState(),
    isOpen: false,
    tabs: keepAlone(),
    held: undefined,
    who: whoOf(options),
    endings: 0,
    lastEnding: undefined,
    endingsBefore: 0,
    failures: 0,
    notBefore: 0,
    isInDoubt: false,
    pending: undefined,
    restored: Promise.resolve(),
    stopTimer() {},
    renew() {},
    lookLater() {},
  }
}

/** The session, if it belongs to the wanted identity. */
export function currentOf({ held, who }: Page): HeldSession | undefined {
  return held && speaksFor(who, held.answer) ? held : undefined
}

/** The error of the last attempt, if it is too early to retry. */
export function postponedBy(page: Page): WidgetSessionError | undefined {
  return page.platform.monotonic() < page.notBefore ? page.state.get().error : undefined
}

/** Sets the timer for the next renewal, if the page is open and has a session. */
export function schedule(page: Page): void {
  const { platform } = page
  page.stopTimer()
  const held = currentOf(page)
  if (!page.isOpen || !held || page.state.get().status !== 'ready') return
  // rounded up, so that the renewal is due when the timer fires
  const wait = Math.ceil(Math.max(dueIn(platform, held), page.notBefore - platform.monotonic(), 0))
  page.stopTimer = platform.after(wait, () => page.renew())
}
