import type { Platform } from './platform.js'

/** Messages with which pages take turns if the browser has no Web Locks, such as on plain HTTP. */
export type TurnMessage =
  | { readonly type: 'claim'; readonly by: number }
  /** Rejects the claim with this number. */
  | { readonly type: 'busy'; readonly to: number }
  | { readonly type: 'free' }

interface Needs {
  readonly platform: Pick<Platform, 'after' | 'random'>
  readonly post: (message: TurnMessage) => void
}

/** A lock that one of several pages holds at a time. */
export interface ChannelLock {
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** Runs work, and rejects the claims of other pages meanwhile. */
  readonly working: <T>(work: () => Promise<T>) => Promise<T>
  readonly onMessage: (message: TurnMessage) => void
}

/** How long other pages have to reject a claim, in milliseconds. */
const objectionMilliseconds = 300
/** How long to wait for a busy page, which may have been closed without a message. */
const busyMilliseconds = 6_000
/** How many claims to make. Then the page goes ahead anyway. */
const mostClaims = 5

/**
 * A page claims the lock, and gets it unless another page rejects the claim. If that page is too slow, both refresh the
 * session, which the service accepts within 10 s. So this lock only saves a request; correctness doesn't depend on it.
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
    for (let claims = 1; claims < mostClaims && !(await wins()); claims++) {
      await pause(busyMilliseconds, (end) => {
        hearFree = end
      })
    }
    return working(work)
  }

  async function working<T>(work: () => Promise<T>): Promise<T> {
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

  return { exclusively, working, onMessage }
}
