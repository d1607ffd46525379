import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Operation, operations } from '@hallpass/contracts'
import { afterAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { mintGuest } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-admin-port-'))
mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Hallpass console</title>')
writeFileSync(join(folder, 'assets', 'index-1.js'), 'export {}')
afterAll(() => rmSync(folder, { recursive: true }))

const server = withServer({ config: { adminPort: 0 }, consoleFolder: folder })
const asAcme = { ...bearer(acme.key), 'Content-Type': 'application/json' }
const ask = (url: string | undefined, path: string, init: RequestInit = {}) =>
  fetch(`${url}${path}`, { headers: asAcme, ...init })

/** A path of each administrative operation, with made-up ids. */
const adminCalls = Object.values<Operation>(operations)
  .filter(({ id }) => id.startsWith('admin.'))
  .flatMap(({ id, paths, methods }) =>
    paths.flatMap((path) => methods.map((method) => ({ id, method, path: path.replace(/\{\w+\}/g, acme.customer) }))),
  )

describe('with --admin-port, the public listener', () => {
  test('404 for each administrative operation and each method', async () => {
    expect(adminCalls.length).toBeGreaterThan(25)
    const unexpected: string[] = []
    for (const { method, path } of adminCalls) {
      for (const sent of [method, 'PUT']) {
        const { status } = await ask(server.url, path, { method: sent, ...(sent === 'POST' ? { body: '{}' } : {}) })
        if (status !== 404) unexpected.push(`${status} ${sent} ${path}`)
      }
    }
    expect(unexpected).toEqual([])
  })

  test('404 for each administrative procedure over tRPC, in a batch too, with and without a key', async () => {
    const one = await server.trpc('admin.caller.get', undefined, bearer(acme.key))
    expect(one.status).toBe(404)
    const batch = await ask(server.url, '/trpc/admin.accounts.list,admin/caller/get,tokens.identify?batch=1', {
      method: 'POST',
      body: JSON.stringify({ 0: {}, 1: {}, 2: { id_or_secret: acme.customer } }),
    })
    const results: { error?: { data: { httpStatus: number } } }[] = await batch.json()
    expect(results.map(({ error }) => error?.data.httpStatus)).toEqual([404, 404, undefined])
    expect((await server.trpc('admin.accounts.list', {})).status).toBe(404)
  })

  test.each([
    '/console',
    '/console/keys',
    '/console/assets/index-1.js',
    '/metrics',
    '/%63onsole',
    '/v1/%61dmin/caller',
    '/v1/admin',
  ])('404 at %s', async (path) => {
    expect((await ask(server.url, path)).status).toBe(404)
  })

  test('404 for a request whose target is in absolute form', async () => {
    const { hostname, port } = new URL(server.url)
    const { request } = await import('node:http')
    const status = await new Promise((resolve, reject) => {
      const path = `${server.url}/v1/admin/caller`
      request({ hostname, port, path, headers: asAcme }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(404)
  })

  test('serves everything else', async () => {
    await mintGuest(server)
    expect((await ask(server.url, '/health/ready')).status).toBe(200)
    expect((await ask(server.url, '/.well-known/jwks.json')).status).toBe(200)
  })
})

describe('with --admin-port, the listener of administration', () => {
  test('serves administration, the console, metrics and health', async () => {
    const { adminUrl } = server
    expect(adminUrl).not.toBe(server.url)
    for (const path of ['/v1/admin/caller', '/console/keys', '/metrics', '/health/live', '/health/ready']) {
      expect([path, (await ask(adminUrl, path)).status]).toEqual([path, 200])
    }
    expect((await ask(adminUrl, '/trpc/admin.caller.get?input=%7B%7D')).status).toBe(200)
  })

  test('serves what the console calls besides, and the issuer stays the public address', async () => {
    const { token } = await mintGuest(server)
    const introspected = await ask(server.adminUrl, '/oauth2/introspect', {
      method: 'POST',
      headers: { ...bearer(acme.key), 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token }).toString(),
    })
    expect(await introspected.json()).toMatchObject({ active: true, iss: server.url })
  })
})
