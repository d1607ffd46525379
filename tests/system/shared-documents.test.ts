import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { withServer } from './support/servers/with-server.js'

const server = withServer()

interface RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Buffer
}

/** The response as sent, which fetch would decompress. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    sent.on('error', reject).end()
  })
}

const long = ['/embed.js', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css', '/openapi.json']

describe('documents that are the same for everyone', () => {
  test.each(long)('are compressed if the caller accepts it: %s', async (path) => {
    const plain = await get(path)
    const br = await get(path, { 'Accept-Encoding': 'gzip, deflate, br' })
    const gzip = await get(path, { 'Accept-Encoding': 'gzip;q=0.5, br;q=0' })
    const none = await get(path, { 'Accept-Encoding': 'br;q=0, gzip;q=0.0, zstd' })
    expect([plain, br, gzip, none].map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      'br',
      'gzip',
      undefined,
    ])
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
    expect(none.body.equals(plain.body)).toBe(true)
    for (const { headers, body } of [plain, br, gzip, none]) {
      expect(headers).toMatchObject({
        vary: 'Accept-Encoding',
        'content-length': String(body.length),
        'cache-control': plain.headers['cache-control'],
        'content-type': plain.headers['content-type'],
      })
    }
    expect(br.body.length).toBeLessThan(plain.body.length / 2)
  })

  test('HEAD has the headers of GET and no body', async () => {
    const headers = { 'Accept-Encoding': 'br' }
    const [head, whole] = [await get(long[0] ?? '', headers, 'HEAD'), await get(long[0] ?? '', headers)]
    expect(head.body.length).toBe(0)
    const { date: _, 'request-id': __, ...expected } = whole.headers
    expect(head.headers).toMatchObject(expected)
  })

  test('GET /embed.js can be loaded by any page, and is revalidated after five minutes', async () => {
    const { status, headers, body } = await get('/embed.js')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    })
    expect(body.equals(readFileSync(fileURLToPath(import.meta.resolve('@hallpass/client/embed.iife.js'))))).toBe(true)
    const again = await get('/embed.js', { 'If-None-Match': String(headers.etag) })
    expect([again.status, again.body.length]).toEqual([304, 0])
  })

  test('a document that fits into a packet is not compressed', async () => {
    const { headers } = await get('/.well-known/oauth-authorization-server', { 'Accept-Encoding': 'br' })
    expect(headers['content-encoding']).toBeUndefined()
  })
})
