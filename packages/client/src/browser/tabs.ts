import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import type { PortableSession } from './cached-session.js'
import { type ChannelLock, createChannelLock } from './channel-lock.js'
import type { EndReason } from './end-reason.js'
import type { Platform } from './platform.js'
import type { PortableError } from './portable-error.js'
import type { Doubt } from './session-model.js'
import type { TurnMessage } from './turn-message.js'

/** The messages between pages of one visitor. Only pages of the same origin can receive them. */
export type TabMessage =
  | { readonly type: 'ask' }
  /** A page's tokens, the newest unless there is a doubt. `from` is the guest session that they replace. */
  | {
      readonly type: 'session'
      readonly session: PortableSession
      readonly from?: string | undefined
      readonly doubt?: Doubt | undefined
    }
  /** This tab has just read the revocation feed, so the others don't have to. */
  | { readonly type: 'feedChecked' }
  /** A temporary failure. Other tabs wait instead of trying too. */
  | { readonly type: 'failed'; readonly error: PortableError }
  | { readonly type: 'over'; readonly session_id: string; readonly how: EndReason }

/** The pages that share a session. */
export interface Tabs {
  /** Runs work while no other page does. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** Asks the other pages for their sessions, and waits until one is good enough or for a moment. */
  readonly ask: (isEnough: () => unknown) => Promise<void>
  readonly tell: (message: TabMessage) => void
  /** Leaves after the current work has finished, because its result must still be sent to the others. */
  readonly leave: () => void
}

/** Runs the work of one page sequentially. */
function createQueue(): Tabs['exclusively'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
}

/** How long the others have to respond, in milliseconds. Their tokens may be newer than those of a page that was asleep. */
const answerMilliseconds = 100
/** Without Web Locks, pages need longer to take turns. */
const patientMilliseconds = 300

/** Joins the pages with the same name. */
export function joinTabs(platform: Platform, name: string, onMessage: (message: TabMessage) => void): Tabs {
  const channel = platform.openChannel(name)
  if (!channel) return keepAlone()
  const inTurn = createQueue()
  const turns = createChannelLock({ platform, post: channel.post })
  let heard = () => {}
  /** The sessions that are over. A page that comes back may not know it, and the service may not know of a logout. */
  const over = new Set<string>()
  channel.onMessage = (message) => {
    if (!isPlainObject(message)) return
    // from a page of the same origin, which is trusted; both ignore types that aren't theirs
    turns.onMessage(message as unknown as TurnMessage)
    onMessage(message as unknown as TabMessage)
    heard()
    // as expired, because the calls of the page that asks go on
    if (message.type === 'ask')
      for (const session_id of over) channel.post({ type: 'over', session_id, how: 'expired' })
  }
  const ask = (isEnough: () => unknown) =>
    new Promise<void>((resolve) => {
      const end = () => {
        stop()
        heard = () => {}
        resolve()
      }
      const stop = platform.after(platform.locks ? answerMilliseconds : patientMilliseconds, end)
      heard = () => {
        if (isEnough()) end()
      }
      channel.post({ type: 'ask' } satisfies TabMessage)
    })
  return {
    exclusively: (work) => inTurn(() => withLock({ platform, name, turns }, work)),
    ask,
    tell(message) {
      if (message.type === 'over') over.add(message.session_id)
      channel.post(message)
    },
    leave: () => void inTurn(async () => channel.close()),
  }
}

/** For a page that doesn't share its session, or whose browser has no BroadcastChannel. */
export const keepAlone = (): Tabs => ({
  exclusively: createQueue(),
  ask: async () => {},
  tell: () => {},
  leave: () => {},
})

/** How long to wait for a Web Lock, in milliseconds. A frozen page never releases its own. */
const lockMilliseconds = 4_000

/**
 * Runs work while holding a Web Lock. If the lock is refused, or not free in time, the pages that are awake take turns over
 * the channel instead, and the lock is taken away from the page that holds it.
 */
function withLock<T>(
  { platform, name, turns }: { platform: Platform; name: string; turns: ChannelLock },
  work: () => Promise<T>,
): Promise<T> {
  const { locks } = platform
  if (!locks) return turns.exclusively(work)
  return new Promise((resolve) => {
    const waiting = new AbortController()
    const stop = platform.after(lockMilliseconds, () => waiting.abort())
    let done: Promise<T> | undefined
    const takeAway = () => {
      const stolen = work()
      locks.request(name, { steal: true }, () => stolen.catch(() => {})).catch(() => {})
      return stolen
    }
    const run = () => {
      stop()
      done = turns.working(work)
      resolve(done)
      // its errors are for the caller
      return done.catch(() => {})
    }
    const refused = () => {
      stop()
      if (!done) resolve(turns.exclusively(takeAway))
    }
    locks.request(name, { signal: waiting.signal }, run).catch(refused)
  })
}
