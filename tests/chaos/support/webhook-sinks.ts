import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that an endpoint got. */
export interface Sent {
  readonly id: string
  readonly body: string
  /** When it came, counted over all requests and responses. */
  readonly at: number
  /** When it was answered with 2xx; undefined if it was not. */
  acceptedAt: number | undefined
}

export const sinks = ['good', 'failing', 'slow', 'redirecting', 'gone'] as const
export type Sink = (typeof sinks)[number]

/** Longer than an attempt may take. */
const tooLongMilliseconds = 11_000

/** Endpoints that behave well and badly, and what each of them got. */
export async function startSinks() {
  const got: Record<Sink, Sent[]> = { good: [], failing: [], slow: [], redirecting: [], gone: [] }
  let clock = 0
  const accept = (sent: Sent, response: ServerResponse) => {
    response.writeHead(204).end()
    sent.acceptedAt = ++clock
  }
  const answers: Readonly<Record<Sink, (sent: Sent, response: ServerResponse, isFirst: boolean) => void>> = {
    good: accept,
    failing(sent, response, isFirst) {
      // of each kind of failure some, and each event is accepted in the end
      const way = isFirst ? got.failing.length % 10 : 9
      if (way === 0) response.writeHead(500).end()
      else if (way === 1) response.writeHead(429, { 'Retry-After': '7' }).end()
      else if (way === 2) response.destroy()
      else accept(sent, response)
    },
    slow(sent, response, isFirst) {
      const isTooSlow = isFirst && got.slow.length % 10 === 0
      setTimeout(() => accept(sent, response), isTooSlow ? tooLongMilliseconds : 500)
    },
    redirecting(sent, response, isFirst) {
      if (!isFirst) return accept(sent, response)
      response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data/' }).end()
    },
    gone: (_, response) => void response.writeHead(410).end(),
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      // the sender was killed
      return
    }
    const sink = sinks.find((name) => request.url === `/${name}`)
    if (!sink) return void response.writeHead(404).end()
    const id = String(request.headers['webhook-id'])
    const isFirst = !got[sink].some((sent) => sent.id === id)
    const sent = { id, body: Buffer.concat(chunks).toString('utf8'), at: ++clock, acceptedAt: undefined }
    got[sink].push(sent)
    answers[sink](sent, response, isFirst)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
