import { request } from 'node:http'

/** A response to {@link sendRaw}. */
export interface RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Posts a JSON body with one header repeated, once for each of its values. */
export const sendRepeated = (url: string, name: string, values: readonly string[], body: object, origin?: string) =>
  sendRaw(url, {
    headers: [
      ['Content-Type', 'application/json'],
      ...(origin === undefined ? [] : [['Origin', origin] satisfies [string, string]]),
      ...values.map((value): [string, string] => [name, value]),
    ],
    body: JSON.stringify(body),
  })

/** Sends headers exactly as listed, including repeated ones, which fetch would join, and a body with any method. */
export function sendRaw(
  url: string,
  { method = 'POST', headers = [], body = '' }: { method?: string; headers?: [string, string][]; body?: string },
): Promise<RawResponse> {
  const length = String(Buffer.byteLength(body))
  const listed = [['Host', new URL(url).host], ['Content-Length', length], ['Connection', 'close'], ...headers]
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: listed.flat() }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
