import { isPlainObject } from '@hallpass/contracts/core'
import type { PortableSession } from './cached-session.js'
import { createChannelLock, type TurnMessage } from './channel-lock.js'
import type { EndReason } from './end-reason.js'
import type { Platform } from './platform.js'
import type { PortableError } from './portable-error.js'

/** The messages between pages of one visitor. Only pages of the same origin can receive them. */
export type TabMessage =
  | { readonly type: 'ask' }
  /** The newest tokens. `from` is the guest session that they replace. */
  | { readonly type: 'session'; readonly session: PortableSession; readonly from?: string }
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
  readonly ask: (isEnough: () => boolean) => Promise<void>
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
  channel.onMessage = (message) => {
    if (isTurn(message)) turns.onMessage(message)
    if (isTabMessage(message)) onMessage(message)
    heard()
  }
  const ask = (isEnough: () => boolean) =>
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
    exclusively: (work) =>
      inTurn(() => (platform.locks ? withLock(platform.locks, name, work) : turns.exclusively(work))),
    ask,
    tell: channel.post,
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

/** A page without access to locks, such as a sandboxed one, shares with no one, so it doesn't have to wait. */
async function withLock<T>(locks: Pick<LockManager, 'request'>, name: string, work: () => Promise<T>): Promise<T> {
  let started = false
  const run = () => {
    started = true
    return work()
  }
  try {
    return await locks.request(name, run)
  } catch (error) {
    if (started) throw error
    return work()
  }
}

const isTurn = (message: unknown): message is TurnMessage => isOneOf(['claim', 'busy', 'free'], message)

const isTabMessage = (message: unknown): message is TabMessage =>
  isOneOf(['ask', 'session', 'feedChecked', 'failed', 'over'], message)

const isOneOf = (types: readonly unknown[], message: unknown) => isPlainObject(message) && types.includes(message.type)
