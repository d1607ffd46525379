import { connect } from 'node:net'

/** A request to send together with others. */
export interface PipelinedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Sends several requests in one packet on one connection (RFC 9112 section 9.3.2), so that the server starts the second
 * before it has finished the first. Responses come back in order.
 */
export async function pipeline(url: string, requests: readonly PipelinedRequest[]): Promise<Response[]> {
  const { hostname, port, host } = new URL(url)
  const bytes = requests.map((request, index) => encode(request, host, index === requests.length - 1)).join('')
  return parse(await exchange(hostname, Number(port), bytes))
}

function encode({ method, path, headers, body = '' }: PipelinedRequest, host: string, isLast: boolean): string {
  const listed = {
    Host: host,
    ...headers,
    'Content-Length': Buffer.byteLength(body),
    ...(isLast && { Connection: 'close' }),
  }
  const lines = Object.entries(listed).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

function exchange(host: string, port: number, bytes: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ host, port }, () => socket.write(bytes))
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks)))
  })
}

function parse(bytes: Buffer): Response[] {
  const responses: Response[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end < 0) throw new Error('a response was incomplete')
    const [statusLine = '', ...lines] = bytes.subarray(at, end).toString('latin1').split('\r\n')
    const headers = new Headers(lines.map((line): [string, string] => split(line)))
    const length = Number(headers.get('content-length') ?? 0)
    const body = bytes.subarray(end + 4, end + 4 + length).toString('utf8')
    responses.push(new Response(body, { status: Number(statusLine.split(' ')[1]), headers }))
    at = end + 4 + length
  }
  return responses
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}
