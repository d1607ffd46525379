import type { ReadRevocations, SignedFeed } from '../../revocation/publish-revocations.js'
import { toEvent } from './document-stream.js'
import type { OpenStream, OpenStreams } from './open-streams.js'

interface Deps {
  readonly readRevocations: ReadRevocations
  readonly streams: OpenStreams
}

/** Reads the feeds of accounts that have streams, once for all streams of an account. */
export interface FeedFollower {
  /**
   * Sends the feed to a new stream, and then to all streams of the account whenever it changes. Rejects if the feed
   * can't be read.
   */
  readonly follow: (stream: OpenStream) => Promise<void>
  readonly stop: () => void
}

/** How often a feed is read, so a revocation is sent within little more than this. */
const readMilliseconds = 500
/**
 * The pause between two readings, as a multiple of the last reading's duration: a slow database is queried less often.
 */
const pauseFactor = 2
/** The rate at which the streams of one account together are sent data, in bytes per millisecond. */
const bytesPerMillisecond = 4_000
const beatMilliseconds = 5_000

interface Followed {
  feed: SignedFeed | undefined
  event: Buffer
}

export function followFeeds({ readRevocations, streams }: Deps): FeedFollower {
  const followed = new Map<string, Followed>()
  let beat: NodeJS.Timeout | undefined
  let isStopped = false

  const read = async (accountId: string, state: Followed): Promise<boolean> => {
    const feed = await readRevocations(accountId, readMilliseconds / 2)
    if (feed === state.feed) return false
    state.feed = feed
    state.event = toEvent(feed.jws)
    return true
  }
  const keepReading = async (accountId: string, state: Followed): Promise<void> => {
    const began = performance.now()
    // while the database is down, streams send nothing, and readers decide by the age of their copy
    const hasChanged = await read(accountId, state).catch(() => false)
    const readers = streams.ofAccount(accountId)
    if (isStopped || readers.size === 0) {
      followed.delete(accountId)
      return
    }
    if (hasChanged) for (const { send } of readers) send(state.event)
    const sending = hasChanged ? (state.event.length * readers.size) / bytesPerMillisecond : 0
    const wait = Math.max(readMilliseconds, sending, (performance.now() - began) * pauseFactor)
    setTimeout(() => void keepReading(accountId, state), wait).unref()
  }
  const begin = (accountId: string) => {
    const state: Followed = { feed: undefined, event: Buffer.alloc(0) }
    followed.set(accountId, state)
    setTimeout(() => void keepReading(accountId, state), readMilliseconds).unref()
    return state
  }
  const sendBeats = () => {
    let count = 0
    for (const stream of streams.all()) {
      stream.beat()
      count++
    }
    if (count > 0) return
    clearInterval(beat)
    beat = undefined
  }
  return {
    async follow(stream) {
      const { accountId } = stream
      const state = followed.get(accountId) ?? begin(accountId)
      if (!state.feed) await read(accountId, state)
      stream.send(state.event)
      beat ??= setInterval(sendBeats, beatMilliseconds).unref()
    },
    stop() {
      isStopped = true
      clearInterval(beat)
      for (const { end } of streams.all()) end()
    },
  }
}
