import { type Notes, openNotes } from './notes.js'
import type { Platform } from './platform.js'
import type { withTimeout } from './retry.js'
import type { WidgetSessionOptions } from './session-types.js'
import { openStore, type SessionStore } from './storage.js'

/** What pages write down about a session: for this page after a reload, and for pages that are asleep when it changes. */
export interface Records {
  readonly store: SessionStore
  readonly notes: Notes
}

/** `limit` is `withTimeout`, which the page has loaded already. */
export const openRecords = (
  platform: Platform,
  name: string,
  { storage = 'memory', share = true }: WidgetSessionOptions,
  limit: typeof withTimeout,
): Records => ({
  store: openStore(storage, (work) => limit(platform, work, longestAccess)),
  notes: openNotes(platform, name, share),
})

const longestAccess = 2_000
