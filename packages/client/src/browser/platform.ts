import { type Channel, openChannel } from './open-channel.js'
import { newSecret } from './secret.js'

export type { Channel }

/** The browser features that a session uses, which tests replace. */
export interface Platform {
  readonly fetch: typeof globalThis.fetch
  /** The page's origin, which the browser sends with every call. The text `null` for a page without one. */
  readonly origin: () => string | undefined
  /** A monotonic clock in milliseconds. It may stop while the device sleeps. */
  readonly monotonic: () => number
  /** The device's clock in milliseconds, which anyone can set. It is only used to detect that more time has passed. */
  readonly wall: () => number
  /** A random number from 0 up to, but not including, 1. */
  readonly random: () => number
  /** Runs a function later. Returns a function that cancels this. */
  readonly after: (milliseconds: number, run: () => void) => () => void
  /** Loads a part of the client that a page doesn't need at once. Rejects if it can't be loaded. */
  readonly load: <T>(part: () => Promise<T>) => Promise<T>
  /** Default: Web Crypto, which rejects without a secure context. */
  readonly sha256?: (text: string) => Promise<ArrayBuffer>
  readonly locks: Pick<LockManager, 'request'> | undefined
  readonly openChannel: (name: string) => Channel | undefined
  /**
   * Calls back when the page may have been asleep or offline, with `returned` if it was frozen or in the back/forward cache,
   * and with `hidden` when it may be about to be. Returns a function that stops this.
   */
  readonly onWake: (wake: (how?: 'returned' | 'hidden') => void) => () => void
  /** Storage for notes that all pages of the origin share. Throws if the browser refuses it. */
  readonly notes?: () => Storage | undefined
  /** A random text that no one can guess. */
  readonly newSecret?: () => string
  /** Encrypts and decrypts a text. Default: Web Crypto, which rejects without a secure context. */
  readonly seal?: (secret: string, text: string) => Promise<string>
  readonly unseal?: (secret: string, sealed: string) => Promise<string>
}

/** The current browser. Accesses nothing until it is used, so pages can be rendered on a server. */
export function browserPlatform(fetch: typeof globalThis.fetch | undefined): Platform {
  return {
    fetch: (input, init) => (fetch ?? globalThis.fetch)(input, init),
    origin: () => globalThis.origin,
    monotonic: () => performance.now(),
    wall: () => Date.now(),
    random: () => Math.random(),
    after,
    load: (part) => part(),
    get locks() {
      return globalThis.navigator?.locks
    },
    openChannel,
    onWake,
    notes: () => globalThis.localStorage,
    newSecret,
  }
}

export function after(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, Math.min(milliseconds, longestTimer))
  return () => clearTimeout(timer)
}

const longestTimer = 2 ** 31 - 1

function onWake(wake: (how?: 'returned' | 'hidden') => void): () => void {
  if (typeof document === 'undefined') return () => {}
  const stopping = new AbortController()
  const listen = (target: EventTarget, name: string, heard: (event: Event) => void) =>
    target.addEventListener(name, heard, stopping)
  listen(document, 'visibilitychange', () => document.visibilityState === 'visible' && wake())
  listen(window, 'online', () => wake())
  listen(window, 'focus', () => wake())
  listen(window, 'pageshow', (event) => wake((event as PageTransitionEvent).persisted ? 'returned' : undefined))
  listen(document, 'resume', () => wake('returned'))
  listen(window, 'pagehide', () => wake('hidden'))
  listen(document, 'freeze', () => wake('hidden'))
  return () => stopping.abort()
}
