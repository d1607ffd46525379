import { once } from 'node:events'
import { connect } from 'node:net'

/** A response as received over the socket. */
export interface RawHttpResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** A request with an ordered list of headers, so that one can be sent twice. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Buffer
}

const patienceMilliseconds = 10_000

/** The bytes of a request, with a Host and, for a body, a Content-Length. */
export function rawRequest({ method, target, headers = [], body }: RawRequest): Buffer {
  const names = headers.map(([name]) => name.toLowerCase())
  const framed = names.includes('content-length') || names.includes('transfer-encoding')
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: hallpass.test',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined || framed ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')])
}

/**
 * Writes bytes to the server's socket at once, and reads every response until the server closes the connection. Data
 * received before a reset or a long silence counts.
 */
export async function sendBytes(serverUrl: string, bytes: Uint8Array | string): Promise<RawHttpResponse[]> {
  const { hostname, port } = new URL(serverUrl)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => {})
  socket.setTimeout(patienceMilliseconds, () => socket.destroy())
  socket.write(bytes)
  await once(socket, 'close').catch(() => {})
  return parseResponses(Buffer.concat(chunks))
}

/** Sends one request over a new connection. */
export async function sendRaw(serverUrl: string, request: RawRequest): Promise<RawHttpResponse> {
  const headers = [...(request.headers ?? []), ['Connection', 'close'] as const]
  const [response] = await sendBytes(serverUrl, rawRequest({ ...request, headers }))
  if (!response) throw new Error(`no response to ${request.method} ${request.target.slice(0, 100)}`)
  return response
}

function parseResponses(bytes: Buffer): RawHttpResponse[] {
  const responses: RawHttpResponse[] = []
  for (let rest = bytes; rest.length > 0; ) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) break
    const [statusLine = '', ...lines] = rest.toString('latin1', 0, end).split('\r\n')
    const headers = new Headers()
    for (const line of lines) headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim())
    const length = Number(headers.get('content-length') ?? 0)
    const body = rest.toString('utf8', end + 4, end + 4 + length)
    const status = Number(statusLine.split(' ')[1])
    // 100 Continue is not the response yet
    if (status >= 200) responses.push({ status, headers, body })
    rest = rest.subarray(end + 4 + length)
  }
  return responses
}
