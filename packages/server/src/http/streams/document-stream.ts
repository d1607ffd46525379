import { Readable } from 'node:stream'

/** The body of a response that never ends by itself: the latest of a document's versions, as Server-Sent Events. */
export interface DocumentStream {
  readonly body: Readable
  /** Sends an event. One that a slow reader hasn't begun to read is replaced by the next, so no backlog grows. */
  readonly send: (event: Buffer) => void
  /** Sends a comment, unless something else is on its way: it shows that the connection is alive. */
  readonly beat: () => void
  readonly end: () => void
}

export const toEvent = (document: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from('data: '), Buffer.from(document), Buffer.from('\n\n')])

/** A reader who reads only slowly is told from one who stopped by the slices that leave. */
const sliceBytes = 32_768
const comment = Buffer.from(':\n\n')

export function createDocumentStream(): DocumentStream {
  let latest: Buffer | undefined
  let rest: Buffer | undefined
  let isWanted = false
  const flush = () => {
    if (!isWanted) return
    const source = rest ?? latest
    if (!source) return
    if (!rest) latest = undefined
    rest = source.length > sliceBytes ? source.subarray(sliceBytes) : undefined
    isWanted = false
    body.push(source.subarray(0, sliceBytes))
  }
  const body = new Readable({
    highWaterMark: 1,
    read() {
      isWanted = true
      flush()
    },
  })
  return {
    body,
    send(event) {
      latest = event
      flush()
    },
    beat() {
      latest ??= comment
      flush()
    },
    end() {
      if (!body.destroyed) body.push(null)
    },
  }
}
