import type { Endpoint } from '../fetch-document.js'
import { createEventReader } from './event-reader.js'

interface Deps {
  readonly endpoint: Endpoint
  readonly path: string
  /** The maximum length of a document in characters. */
  readonly longest: number
  /** Accepts a document. Rejects if it isn't the issuer's, which ends the stream. */
  readonly take: (document: string) => Promise<unknown>
  /** Called when the stream starts to deliver documents, and when it ends. */
  readonly onLive: (isLive: boolean) => void
}

/** How a stream ended: after it had delivered a document, before that, or because the server refused it. */
export type StreamEnd = 'read' | 'broken' | 'refused'

const connectMilliseconds = 5_000
/** The server sends at least a comment every 5 seconds. */
const silenceMilliseconds = 15_000

/** Reads the stream of the revocation feed to its end. Never rejects. */
export async function readStream(deps: Deps, signal: AbortSignal): Promise<StreamEnd> {
  const controller = new AbortController()
  const giveUp = () => controller.abort()
  let timer = setTimeout(giveUp, connectMilliseconds)
  const restartTimer = () => {
    clearTimeout(timer)
    timer = setTimeout(giveUp, silenceMilliseconds)
  }
  signal.addEventListener('abort', giveUp)
  let end: StreamEnd = 'broken'
  try {
    const body = await openStream(deps, controller.signal)
    if (!body) return 'refused'
    await readDocuments(body, deps.longest, restartTimer, async (document) => {
      await deps.take(document)
      end = 'read'
      deps.onLive(true)
    })
  } catch {
    // without the stream, the document is polled
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
    giveUp()
    deps.onLive(false)
  }
  return end
}

async function openStream(
  { endpoint, path }: Deps,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const response = await endpoint.fetch(endpoint.baseUrl + path, { headers: { Accept: 'text/event-stream' }, signal })
  const isStream = response.status === 200 && response.headers.get('Content-Type')?.startsWith('text/event-stream')
  if (isStream && response.body) return response.body
  await response.body?.cancel()
  // the server or the proxy may recover in a moment
  if (response.status === 502 || response.status === 504) throw new Error('The server is unavailable.')
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
