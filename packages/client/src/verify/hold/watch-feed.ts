import type { Reach } from '../fetch-document.js'
import type { HeldRevocations } from '../hold-revocations.js'
import { readStream, type StreamEnd } from './read-stream.js'

interface Deps {
  readonly reach: Reach
  readonly feed: HeldRevocations
  /** Whether the stream is used; without it the document is asked for every few seconds. */
  readonly isStreamed: boolean
}

/** While there is no stream, the document is looked at this often; it decides itself whether it is old enough to be asked for. */
const pollMilliseconds = 2_000
const shortestPause = 500
const longestPause = 4_000
/** A server that is older than the stream, or has too many of them, is asked again after this time. */
const refusedPause = 30_000

/** Keeps the feed as new as it can be until it is told to stop: by its stream, and without it by asking for the document. */
export function watchFeed({ reach, feed, isStreamed }: Deps): () => void {
  const stopping = new AbortController()
  let isLive = false
  const poll = setInterval(() => {
    if (!isLive) void feed.get()
  }, pollMilliseconds)
  const onLive = (live: boolean) => {
    isLive = live
  }
  if (isStreamed) void followStream({ reach, ...feed, onLive }, stopping.signal)
  return () => {
    clearInterval(poll)
    stopping.abort()
  }
}

async function followStream(deps: Parameters<typeof readStream>[0], signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const end = await readStream(deps, signal)
    failures = end === 'read' ? 0 : failures + 1
    await pause(pauseAfter(end, failures), signal)
  }
}

/** Some wait longer than others, so that a server that comes back isn't met by all of them at once. */
function pauseAfter(end: StreamEnd, failures: number): number {
  const longest = end === 'refused' ? refusedPause : Math.min(longestPause, shortestPause * 2 ** failures)
  return longest * (0.5 + Math.random() / 2)
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
