import type { Reach } from '../fetch-document.js'
import { createEventReader } from './event-reader.js'

interface Deps {
  readonly reach: Reach
  readonly path: string
  /** The longest document, in characters. */
  readonly longest: number
  /** Takes a document; rejects for one that isn't the issuer's, which ends the stream. */
  readonly take: (document: string) => Promise<unknown>
  /** Whether the stream can be relied on now. */
  readonly onLive: (isLive: boolean) => void
}

/** How a stream ended: it was read for a while, broke before a document came, or the server has none to give. */
export type StreamEnd = 'read' | 'broken' | 'refused'

const connectMilliseconds = 5_000
/** The server writes something every 5 seconds. */
const silenceMilliseconds = 15_000

/** Reads the stream of the revocation feed to its end. Never rejects. */
export async function readStream(deps: Deps, signal: AbortSignal): Promise<StreamEnd> {
  const patience = new AbortController()
  const giveUp = () => patience.abort()
  let timer = setTimeout(giveUp, connectMilliseconds)
  const stillThere = () => {
    clearTimeout(timer)
    timer = setTimeout(giveUp, silenceMilliseconds)
  }
  signal.addEventListener('abort', giveUp)
  let end: StreamEnd = 'broken'
  try {
    const body = await openStream(deps, patience.signal)
    if (!body) return 'refused'
    await readDocuments(body, deps.longest, stillThere, async (document) => {
      await deps.take(document)
      end = 'read'
      deps.onLive(true)
    })
  } catch {
    // what a stream cannot tell, the document does
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
    giveUp()
    deps.onLive(false)
  }
  return end
}

async function openStream({ reach, path }: Deps, signal: AbortSignal): Promise<ReadableStream<Uint8Array> | undefined> {
  const response = await reach.fetch(reach.baseUrl + path, { headers: { Accept: 'text/event-stream' }, signal })
  const isStream = response.status === 200 && response.headers.get('Content-Type')?.startsWith('text/event-stream')
  if (isStream && response.body) return response.body
  await response.body?.cancel()
  // what a server says that is only stopping, or a proxy without one, may be over in a moment
  if (response.status === 502 || response.status === 504) throw new Error('there is no server')
  return undefined
}

async function readDocuments(
  body: ReadableStream<Uint8Array>,
  longest: number,
  onBytes: () => void,
  take: (document: string) => Promise<void>,
): Promise<void> {
  const reader = body.getReader()
  const utf8 = new TextDecoder()
  const readEvents = createEventReader(longest)
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onBytes()
    for (const document of readEvents(utf8.decode(value, { stream: true }))) await take(document)
  }
}
