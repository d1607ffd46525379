import type { CachedSession } from './cached-session.js'
import type { EndReason } from './end-reason.js'
import type { Platform } from './platform.js'
import { seal, unseal } from './seal.js'

/** What pages write down about a session, for those of them that are asleep, or in the back/forward cache, when it changes. */
export interface Note {
  readonly generation: number
  /** Until when the session can be refreshed, in milliseconds of the device's clock. */
  readonly until: number
  /** Whether a refresh has been sent whose response no page has yet. */
  readonly isSent?: boolean
  readonly ended?: EndReason
  /** The session, encrypted with a secret that only its pages know. */
  readonly sealed?: string
}

/** Notes in `localStorage`, which contain no readable token. If the browser refuses storage, there are none. */
export interface Notes {
  readonly areReadable: () => boolean
  readonly read: (cached: CachedSession) => Note | undefined
  /** Changes the note of a session, unless another page has newer tokens. */
  readonly write: (cached: CachedSession, change: Partial<Note>) => void
  /** Writes new tokens down, encrypted if the browser can. */
  readonly save: (cached: CachedSession) => Promise<void>
  /** The text of the session with another page's newer tokens. */
  readonly newest: (cached: CachedSession) => Promise<string | undefined>
}

interface Needs {
  readonly platform: Platform
  readonly name: string
  readonly isShared: boolean
  readonly textOf: (cached: CachedSession) => string
}

export function openNotes({ platform, name, isShared, textOf }: Needs): Notes {
  const access = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      const storage = platform.notes?.()
      return storage && use(storage)
    } catch {
      return undefined
    }
  }
  const sealing = { seal, unseal, ...platform }
  const prefix = `${name} note `
  const keyOf = ({ secret }: CachedSession) => secret && isShared && prefix + nameOf(secret)
  // written by pages of the same origin, which are trusted
  const noteAt = (key: string): Note | undefined =>
    access((storage) => JSON.parse(storage.getItem(key) ?? 'null') ?? undefined)
  const read = (cached: CachedSession) => {
    const key = keyOf(cached)
    return key ? noteAt(key) : undefined
  }
  const write = (cached: CachedSession, change: Partial<Note>) => {
    const key = keyOf(cached)
    const note = read(cached)
    const { generation } = cached
    if (!key || (note && note.generation > generation)) return
    const until = platform.wall() + cached.answer.refresh_expires_in * 1000
    // a page that doesn't know of the end yet may write later
    const kept = note?.generation === generation ? note : note && { ended: note.ended }
    access((storage) => storage.setItem(key, JSON.stringify({ ...kept, generation, until, ...change })))
  }
  /** Removes the notes of sessions that no page can have any more. */
  const sweep = () =>
    access((storage) => {
      for (const key of Object.keys(storage)) {
        const note = key.startsWith(prefix) && noteAt(key)
        if (note && note.until < platform.wall()) storage.removeItem(key)
      }
    })
  return {
    areReadable: () => access(() => true) === true,
    read,
    write,
    async save(cached) {
      write(cached, {})
      if (cached.generation === 0) sweep()
      const { secret } = cached
      // without it, pages with older tokens begin again
      const sealed = secret && (await sealing.seal(secret, textOf(cached)).catch(() => ''))
      if (sealed && !read(cached)?.ended) write(cached, { sealed })
    },
    async newest(cached) {
      const { generation = 0, sealed = '' } = read(cached) ?? {}
      const { secret } = cached
      if (!secret || generation <= cached.generation) return undefined
      return sealing.unseal(secret, sealed).catch(() => undefined)
    },
  }
}

/** The part of a secret that may be published. */
export const nameOf = (secret: string): string => secret.slice(0, 12)
