import type { Ending } from './ending.js'
import type { WidgetSessionError } from './errors.js'
import { dueIn, type HeldSession } from './held-session.js'
import type { Platform } from './platform.js'
import { createState, type StateHolder } from './session-state.js'
import type { WidgetSessionOptions } from './session-types.js'
import { openStore, type SessionStore } from './storage.js'
import { keepAlone, type Tabs } from './tabs.js'
import { speaksFor, type Who, whoOf } from './who.js'

/** One page's part in a session: what it holds, and what it is waiting for. */
export interface Page {
  readonly options: WidgetSessionOptions
  readonly platform: Platform
  /** Names the session among tabs and in the storage. */
  readonly name: string
  readonly store: SessionStore
  readonly state: StateHolder
  isOpen: boolean
  tabs: Tabs
  /** A session of the one it is wanted for, or a guest's, who is to become that one. */
  held: HeldSession | undefined
  who: Who
  /** Counts logouts and the like, here and in other tabs: what was asked for before one is nobody's any more. */
  endings: number
  lastEnding: Ending | undefined
  /** How many there had been when the attempt under way began. Attempts of a page take turns. */
  endingsBefore: number
  /** Renewals in a row that did not get through. */
  failures: number
  /** Before this moment of the monotonic clock nothing is tried again. */
  notBefore: number
  /** What was sent may have spent the tokens that are held, although no answer came. */
  isInDoubt: boolean
  /** The one attempt of this page that is under way, and still wanted. */
  pending: Promise<HeldSession> | undefined
  restored: Promise<void>
  stopTimer: () => void
  /** Renews what is due. */
  renew: () => void
  /** One of the tabs is reading the revocation feed: this one has time. */
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

/** The session, if it speaks for the one it is wanted for. */
export function currentOf({ held, who }: Page): HeldSession | undefined {
  return held && speaksFor(who, held.answer) ? held : undefined
}

/** The failure that is still too young to try again. */
export function postponedBy(page: Page): WidgetSessionError | undefined {
  return page.platform.monotonic() < page.notBefore ? page.state.get().error : undefined
}

/** Sets the timer for the next renewal; there is none for what is not alive, or closed. */
export function schedule(page: Page): void {
  const { platform } = page
  page.stopTimer()
  const held = currentOf(page)
  if (!page.isOpen || !held || page.state.get().status !== 'ready') return
  // whole milliseconds, so that the moment has come when the timer says so
  const wait = Math.ceil(Math.max(dueIn(platform, held), page.notBefore - platform.monotonic(), 0))
  page.stopTimer = platform.after(wait, () => page.renew())
}
