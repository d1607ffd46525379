import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as the server received it. */
export interface Recorded {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The response to every request. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Never respond. */
  readonly silent?: true
}

/** The example response of the Bridge API documentation. */
const bridgeReply: Reply = {
  body: JSON.stringify({
    data: { bridge_token: 'bridge_token' },
    meta: {
      api_request_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
      api_request_timestamp: '2019-12-27T18:11:19.117Z',
    },
    response_type: 'object',
  }),
}

/** Starts a server that records its requests and stops when the test ends. */
export async function startRecordingServer(reply: Reply = bridgeReply): Promise<{ url: string; requests: Recorded[] }> {
  const requests: Recorded[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url: target = '', headers } = request
    requests.push({ method, target, headers, body: Buffer.concat(chunks).toString('utf8') })
    if (reply.silent) return
    response.writeHead(reply.status ?? 200, { 'Content-Type': 'application/json', ...reply.headers })
    response.end(reply.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}
