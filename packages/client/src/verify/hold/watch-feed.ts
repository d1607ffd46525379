import type { CachedRevocations } from '../cache-revocations.js'
import type { Endpoint } from '../fetch-document.js'
import { readStream, type StreamEnd } from './read-stream.js'

interface Deps {
  readonly endpoint: Endpoint
  readonly feed: CachedRevocations
  /** Whether to use the stream. Without it, the document is polled every few seconds. */
  readonly isStreamed: boolean
}

/** How often the document is polled without a stream. The cache decides whether that takes a request. */
const pollMilliseconds = 2_000
const shortestPause = 500
const longestPause = 4_000
/** How long to wait after the server refused the stream, because it doesn't support it or has too many streams. */
const refusedPause = 30_000

/** Keeps a feed up to date with its stream, or by polling the document. Returns a function that stops this. */
export function watchFeed({ endpoint, feed, isStreamed }: Deps): () => void {
  const stopping = new AbortController()
  let isLive = false
  const poll = setInterval(() => {
    if (!isLive) void feed.get()
  }, pollMilliseconds)
  const onLive = (live: boolean) => {
    isLive = live
  }
  if (isStreamed) void followStream({ endpoint, ...feed, onLive }, stopping.signal)
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

/** Adds jitter, so that verifiers don't all reconnect at once when a server comes back. */
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
