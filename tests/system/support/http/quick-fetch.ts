import { Agent, request } from 'node:http'

/** Connections stay open between the calls of a file. */
const agent = new Agent({ keepAlive: true })

interface Call {
  readonly method: string
  readonly headers?: HeadersInit
  readonly body?: string
}

/**
 * Like `fetch`, for a text or no body, with half of its CPU time: it has no streams, redirects or compression. A test
 * suite of many thousand calls notices.
 */
export function quickFetch(url: string, { method, headers, body }: Call): Promise<Response> {
  const sent = new Headers(headers)
  if (body !== undefined && !sent.has('content-type')) sent.set('Content-Type', 'text/plain;charset=UTF-8')
  if (body !== undefined) sent.set('Content-Length', String(Buffer.byteLength(body)))
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent, headers: Object.fromEntries(sent) }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const { statusCode: status = 0, rawHeaders } = incoming
        const received = new Headers()
        for (let i = 0; i < rawHeaders.length; i += 2) received.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '')
        // a response with one of these statuses has no body
        const content = [204, 304].includes(status) ? null : Buffer.concat(chunks)
        resolve(new Response(content, { status, headers: received }))
      })
    })
    outgoing.on('error', (cause) => reject(new TypeError('fetch failed', { cause })))
    // as bytes: with a string, Node would encode the headers like the body
    outgoing.end(body === undefined ? undefined : Buffer.from(body))
  })
}
