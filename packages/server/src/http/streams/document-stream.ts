import { Readable } from 'node:stream'

/** A response body without an end: the latest version of a document, as Server-Sent Events. */
export interface DocumentStream {
  readonly body: Readable
  /** Sends an event. If a slow reader hasn't begun to read an event, the next one replaces it, so no backlog grows. */
  readonly send: (event: Buffer) => void
  /** Sends a comment to keep the connection alive, unless other data is on its way. */
  readonly beat: () => void
  readonly end: () => void
}

export const toEvent = (document: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from('data: '), Buffer.from(document), Buffer.from('\n\n')])

/** Slices distinguish a reader that is slow from one that has stopped. */
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
