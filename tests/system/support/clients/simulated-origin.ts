import type { Platform, SessionStore } from '@hallpass/client/browser'
import type { VirtualTime } from '../time/virtual-time.js'

/** The pages that listen to a BroadcastChannel. */
export interface Hub {
  readonly members: Set<{ readonly receive: (message: unknown) => void }>
}

interface HubMember {
  readonly time: VirtualTime
  readonly whenAwake: (run: () => void) => void
  readonly isCached: () => boolean
}

/** Messages arrive in order, a moment later, and neither in the tab that sent them nor in the back/forward cache. */
export function joinHub(hubs: Map<string, Hub>, name: string, tab: HubMember) {
  const hub = hubs.get(name) ?? { members: new Set() }
  hubs.set(name, hub)
  const channel = { onMessage: (_: unknown) => {}, post, close: () => void hub.members.delete(member) }
  const member = {
    receive: (message: unknown) => {
      if (!tab.isCached()) tab.whenAwake(() => channel.onMessage(message))
    },
  }
  hub.members.add(member)
  function post(message: unknown) {
    const copy = structuredClone(message)
    for (const other of hub.members) if (other !== member) tab.time.after(1, () => other.receive(copy))
  }
  return channel
}

/** One holder per name. The others wait in the order of their requests, which they can abort. `steal` doesn't wait. */
export function simulateLocks(): (held: Set<() => void>) => NonNullable<Platform['locks']> {
  const lines = new Map<string, Promise<unknown>>()
  return (held) => {
    const request = async (name: string, { signal, steal }: LockOptions, work: () => Promise<unknown>) => {
      const before = steal ? Promise.resolve() : (lines.get(name) ?? Promise.resolve())
      let release = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      lines.set(
        name,
        before.then(() => released),
      )
      const aborted = new Promise<boolean>((resolve) => signal?.addEventListener('abort', () => resolve(true)))
      if (await Promise.race([before.then(() => false), aborted])) {
        release()
        throw signal?.reason
      }
      held.add(release)
      try {
        return await work()
      } finally {
        held.delete(release)
        release()
      }
    }
    // only the form with a name, options and a callback is used
    return { request: request as LockManager['request'] }
  }
}

/** The used part of `localStorage`, whose keys are also its properties. */
export function storageOf(notes: Map<string, string> | 'refused'): Storage {
  if (notes === 'refused') throw new DOMException('The operation is insecure.', 'SecurityError')
  const methods = {
    getItem: (key: string) => notes.get(key) ?? null,
    setItem: (key: string, value: string) => void notes.set(key, value),
    removeItem: (key: string) => void notes.delete(key),
  }
  // the other members are not used
  return Object.assign(Object.create(methods), Object.fromEntries(notes)) as Storage
}

/** The `sessionStorage` of a tab. */
export function tabStorage(): SessionStore {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  }
}
