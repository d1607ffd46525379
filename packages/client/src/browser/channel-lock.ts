import type { Platform } from './platform.js'

/** What pages tell one another to take turns where the browser has no Web Locks (as on plain http). */
export type TurnMessage =
  | { readonly type: 'claim'; readonly by: number }
  /** The claim of this number has lost. */
  | { readonly type: 'busy'; readonly to: number }
  | { readonly type: 'free' }

interface Needs {
  readonly platform: Pick<Platform, 'after' | 'random'>
  readonly post: (message: TurnMessage) => void
}

/** One of several pages at a time. */
export interface ChannelLock {
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  readonly onMessage: (message: TurnMessage) => void
}

/** How long others have to object to a claim, in milliseconds. */
const objectionMilliseconds = 300
/** How long to wait for a page that was busy: it may have been closed without a word. */
const busyMilliseconds = 6_000

/**
 * Turns by claim and objection. A page too slow to object makes two refreshes of one, which the service takes
 * for one within 10 s (wire 2): this saves a request, safety does not hang on it.
 */
export function createChannelLock({ platform, post }: Needs): ChannelLock {
  let claim: number | undefined
  let isWorking = false
  let lose = () => {}
  let hearFree = () => {}
  const pause = (milliseconds: number, listen: (end: () => void) => void) =>
    new Promise<void>((resolve) => {
      const stop = platform.after(milliseconds, resolve)
      listen(() => {
        stop()
        resolve()
      })
    })

  async function wins(): Promise<boolean> {
    claim = platform.random()
    let lost = false
    const objections = pause(objectionMilliseconds, (end) => {
      lose = () => {
        lost = true
        end()
      }
    })
    post({ type: 'claim', by: claim })
    await objections
    claim = undefined
    return !lost
  }

  async function exclusively<T>(work: () => Promise<T>): Promise<T> {
    while (!(await wins())) {
      await pause(busyMilliseconds, (end) => {
        hearFree = end
      })
    }
    isWorking = true
    try {
      return await work()
    } finally {
      isWorking = false
      post({ type: 'free' })
    }
  }

  function onMessage(message: TurnMessage): void {
    if (message.type === 'free') hearFree()
    else if (message.type === 'busy') {
      if (message.to === claim) lose()
    } else if (isWorking || (claim !== undefined && claim < message.by)) post({ type: 'busy', to: message.by })
    else if (claim !== undefined) lose()
  }

  return { exclusively, onMessage }
}
