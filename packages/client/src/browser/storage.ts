/** A store for sessions. Its methods can be asynchronous. */
export interface SessionStore {
  readonly get: (key: string) => string | null | undefined | Promise<string | null | undefined>
  readonly set: (key: string, value: string) => void | Promise<void>
  readonly remove: (key: string) => void | Promise<void>
}

/** `memory`: until the page is unloaded. `session`: until the tab is closed, surviving reloads. Or your own store. */
export type StorageChoice = 'memory' | 'session' | SessionStore

/**
 * A store that never throws, and does one thing after another, for a limited time each. If the page isn't allowed to store
 * anything, the session stays in memory only.
 */
export function openStore(choice: StorageChoice, limit: <T>(work: T | Promise<T>) => Promise<T>): SessionStore {
  const store = choice === 'session' ? tabStore : choice
  if (store === 'memory') return { get: () => undefined, set() {}, remove() {} }
  let last: Promise<unknown> = Promise.resolve()
  const quietly = <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    const done = last.then(() => limit(work())).catch(() => undefined)
    last = done
    return done
  }
  return {
    get: (key) => quietly(() => store.get(key)),
    set: (key, value) => quietly(() => store.set(key, value)),
    remove: (key) => quietly(() => store.remove(key)),
  }
}

const tabStore: SessionStore = {
  get: (key) => sessionStorage.getItem(key),
  set: (key, value) => sessionStorage.setItem(key, value),
  remove: (key) => sessionStorage.removeItem(key),
}
