import type { SessionController } from './session-controller.js'

type Page = Pick<SessionController, 'platform' | 'name'>

/** Changes whenever a page of the origin forgets the session. Undefined if the browser refuses storage. */
export const lastForget = (page: Page): string | null | undefined =>
  access(page, (storage, key) => storage.getItem(key))

/** Lets the pages know that are asleep, or in the back/forward cache. */
export const noteForget = (page: Page): void =>
  access(page, (storage, key) => storage.setItem(key, String(page.platform.random())))

function access<T>({ platform, name }: Page, use: (storage: Storage, key: string) => T): T | undefined {
  try {
    const storage = platform.notes?.()
    return storage && use(storage, `${name} forgotten`)
  } catch {
    return undefined
  }
}
