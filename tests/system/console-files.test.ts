import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startServer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-console-files-'))
const page = '<!doctype html><title>Hallpass console</title>'
const script = 'export const answer = 42\n'.repeat(200)
mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), page)
writeFileSync(join(folder, 'assets', 'index-3kF9.js'), script)
writeFileSync(join(folder, 'beside.txt'), 'not an asset')
afterAll(() => rmSync(folder, { recursive: true }))

const server = withServer({ consoleFolder: folder })
const request = (path: string, init?: RequestInit) => fetch(server.url + path, init)

describe('GET /console', () => {
  test.each(['/console', '/console/', '/console/refusals?q=a', '/console/no/such/page'])(
    '200 with the same page at %s, because the page reads its own address',
    async (path) => {
      const response = await request(path)
      expect([response.status, await response.text()]).toEqual([200, page])
    },
  )

  test('the page may load and call only its own origin, runs nothing inline, and is in no frame', async () => {
    const { headers } = await request('/console')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test('the page is revalidated each time; an asset is kept forever and is compressed', async () => {
    const first = await request('/console')
    expect(first.headers.get('cache-control')).toBe('no-cache')
    const etag = first.headers.get('etag') ?? ''
    expect((await request('/console', { headers: { 'If-None-Match': etag } })).status).toBe(304)
    const asset = await request('/console/assets/index-3kF9.js')
    expect([asset.status, await asset.text()]).toEqual([200, script])
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(asset.headers.get('content-encoding')).toMatch(/br|gzip/)
  })

  test('HEAD has the headers and no body', async () => {
    const response = await request('/console', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(response.headers.get('content-length')).toBe(String(page.length))
  })

  test.each([
    '/console/assets/index-0000.js',
    '/console/assets/..%2Fbeside.txt',
    '/console/assets/%2e%2e%2fbeside.txt',
    '/console/assets/',
  ])('404 or the page for %s, and no other file', async (path) => {
    expect(await (await request(path)).text()).not.toContain('not an asset')
  })

  test('404 for an asset that does not exist, not the page', async () => {
    const response = await request('/console/assets/index-0000.js')
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toMatch(/json/)
  })

  test('405 for POST', async () => {
    const response = await request('/console', { method: 'POST' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

test('404 with --console off, for the page and its assets', async () => {
  const closed = await startServer({ consoleFolder: folder, config: { console: false } })
  const statuses = await Promise.all(
    ['/console', '/console/keys', '/console/assets/index-3kF9.js'].map(async (path) => (await closed.get(path)).status),
  )
  expect(statuses).toEqual([404, 404, 404])
  await closed.stop()
})
