import type { CachedSession, isOver, pack, unpack } from './cached-session.js'
import { type Notes, openNotes } from './notes.js'
import { parseJson } from './parse-json.js'
import type { Platform } from './platform.js'
import type { withTimeout } from './retry.js'
import type { SessionEvent, SessionModel } from './session-model.js'
import type { WidgetSessionOptions } from './session-types.js'
import { openStore } from './storage.js'

/** What pages write down about a session: for this page after a reload, and for pages that are asleep when it changes. */
export interface Records {
  readonly notes: Notes
  /** Stores a session for this page after a reload, or removes the stored one. */
  readonly store: (cached: CachedSession | undefined) => void
  /** Adopts newer tokens from the storage or the notes, and learns from the notes if the session has ended. */
  readonly readNewest: () => Promise<void>
}

/** What a page has loaded already, so that this part doesn't contain it too. */
interface Loaded {
  readonly withTimeout: typeof withTimeout
  readonly isOver: typeof isOver
  readonly pack: typeof pack
  readonly unpack: typeof unpack
}

/** The page's part in the session. */
interface Page {
  readonly platform: Platform
  readonly name: string
  readonly options: WidgetSessionOptions
  readonly model: SessionModel
  readonly current: CachedSession | undefined
  readonly dispatch: (event: SessionEvent) => void
}

export function openRecords(page: Page, { withTimeout, isOver, pack, unpack }: Loaded): Records {
  const { platform, name, dispatch } = page
  const { storage = 'memory', share = true } = page.options
  const textOf = (cached: CachedSession) => JSON.stringify(pack(platform, cached))
  const sessionIn = (text: string | null | undefined) => unpack(platform, parseJson(text))
  const stored = openStore(storage, (work) => withTimeout(platform, work, longestAccess))
  const notes = openNotes({ platform, name, isShared: share, textOf })
  return {
    notes,
    store: (cached) => void (cached ? stored.set(name, textOf(cached)) : stored.remove(name)),
    async readNewest() {
      const before = sessionIn(await stored.get(name))
      if (before && !isOver(platform, before) && !notes.read(before)?.ended) {
        // without notes, another page may have forgotten it while there was no page in this tab
        const doubt = page.current || notes.areReadable() ? 'old' : 'unconfirmed'
        dispatch({ type: 'found', cached: before, doubt })
      }
      const { cached } = page.model
      if (!cached) return
      const how = notes.read(cached)?.ended
      if (how) return dispatch({ type: 'ended', how, isRemote: true, cancels: true })
      const newest = sessionIn(await notes.newest(cached))
      if (newest) dispatch({ type: 'found', cached: newest, from: cached.answer.session_id })
    },
  }
}

const longestAccess = 2_000
