import { isPlainObject } from '@hallpass/contracts/core'
import { createChannelLock, type TurnMessage } from './channel-lock.js'
import type { Ending } from './ending.js'
import type { PortableSession } from './held-session.js'
import type { Platform } from './platform.js'
import type { PortableError } from './portable-error.js'

/** What the pages of one visitor tell one another. A channel is heard by pages of the same origin only. */
export type TabMessage =
  | { readonly type: 'ask' }
  /** The newest tokens; `from` is the guest session that they replace. */
  | { readonly type: 'session'; readonly session: PortableSession; readonly from?: string }
  /** The revocation feed was read just now, for all. */
  | { readonly type: 'looked' }
  /** The service does not get through: one tab that tries is enough. */
  | { readonly type: 'failed'; readonly error: PortableError }
  | { readonly type: 'over'; readonly session_id: string; readonly how: Ending }

/** The pages that share a session. */
export interface Tabs {
  /** Runs work while none of the other pages does. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** Asks the others what they hold, until it is enough or a moment has passed. */
  readonly ask: (isEnough: () => boolean) => Promise<void>
  readonly tell: (message: TabMessage) => void
  /** As soon as the work that was begun is done: the others have yet to be told what came of it. */
  readonly leave: () => void
}

/** Runs one piece of work after the other: a page waits for itself, too. */
function createQueue(): Tabs['exclusively'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
}

/** How long others have to answer, in milliseconds: their tokens may be newer than those of a page that slept. */
const answerMilliseconds = 100
/** Without Web Locks a page may also be slow to take its turn. */
const patientMilliseconds = 300

/** Joins the pages that know this name. */
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

/** A page on its own: by choice, or because its browser has no channels. */
export const keepAlone = (): Tabs => ({
  exclusively: createQueue(),
  ask: async () => {},
  tell: () => {},
  leave: () => {},
})

/** A page that may not have locks, as a sandboxed one, shares with nobody: then nobody has to be waited for. */
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
  isOneOf(['ask', 'session', 'looked', 'failed', 'over'], message)

const isOneOf = (types: readonly unknown[], message: unknown) => isPlainObject(message) && types.includes(message.type)
