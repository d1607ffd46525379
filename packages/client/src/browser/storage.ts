/** Where a session outlives its page. Both may answer later. */
export interface SessionStore {
  readonly get: (key: string) => string | null | undefined | Promise<string | null | undefined>
  readonly set: (key: string, value: string) => void | Promise<void>
  readonly remove: (key: string) => void | Promise<void>
}

/** `memory`: for as long as the page. `session`: until the tab is closed, through reloads. Or a store of your own. */
export type StorageChoice = 'memory' | 'session' | SessionStore

/** A store that never throws: a page may be forbidden to store anything, and then it has its memory. */
export function openStore(choice: StorageChoice): SessionStore {
  const store = choice === 'session' ? tabStore : choice
  if (store === 'memory') return { get: () => undefined, set() {}, remove() {} }
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

async function quietly<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
