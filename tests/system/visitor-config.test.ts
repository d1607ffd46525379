import { Fixture } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { bodyOf, paths } from './support/fixtures/mint.js'
import { expectText, visible } from './support/http/expect-text.js'
import { sendRaw } from './support/http/send-raw.js'
import { assembleServer } from './support/servers/assembled-server.js'
import { startServer } from './support/servers/in-process-server.js'
import { StoreUnavailable } from './support/servers/server-parts.js'
import { withServer } from './support/servers/with-server.js'

const refused = 'Origin not in allowlist'

const server = withServer()

const config = (query = `client_key=${acme.clientKey}`, headers?: HeadersInit) =>
  server.get(`${paths.config}?${query}`, { Origin: acme.origin, ...headers })

describe('GET /api/v1/widget/config', () => {
  test('200 with the bootstrap config, cacheable for a minute, and never the allowlist', async () => {
    const response = await config()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    expect(response.headers.get('etag')).toMatch(/^(W\/)?"[^"]+"$/)
    expect(response.headers.get('vary')).toContain('Origin')
    expect(await response.json()).toEqual({
      client_key: acme.clientKey,
      widget_enabled: true,
      auth_mode: 'both',
      agent: { id: 'agent_1', display_name: 'Ada' },
      branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
      copy: { greeting: 'Hi!', launcher_label: 'Chat' },
      locale: 'en',
      supported_locales: ['en'],
    })
  })

  test('200 with everything that a key can show', async () => {
    const shown = {
      auth_mode: 'user',
      agent: { id: 'agent_2', display_name: 'Grace', avatar_url: 'https://cdn.example/grace.png' },
      branding: {
        primary_color: '#ff0000',
        accent_color: '#00ff00',
        logo_url: 'https://cdn.example/logo.svg',
        launcher_position: 'tl',
      },
      copy: { greeting: 'Olá', launcher_label: 'Falar', privacy_notice: 'Lê isto', offline: 'Fora' },
      locale: 'pt-BR',
      supported_locales: ['pt-BR', 'en'],
    }
    const client_key = 'pk_live_full'
    const key = { client_key, origin_allowlist: ['https://shop.example'], ...shown }
    const account = { id: rival.account, tenant: 't', environment: 'sandbox', client_keys: [key] }
    const other = await startServer({ fixture: Fixture.parse({ accounts: [account] }) })
    const response = await other.get(`${paths.config}?client_key=${client_key}`, { Origin: acme.origin })
    expect(await bodyOf(response)).toEqual({ client_key, widget_enabled: true, ...shown })
    await other.stop()
  })

  test('200 if the widget is disabled, and the config shows that', async () => {
    expect(await bodyOf(await config(`client_key=${acme.off}`))).toMatchObject({ widget_enabled: false })
  })

  test('works the same over tRPC', async () => {
    const input = encodeURIComponent(JSON.stringify({ client_key: acme.clientKey }))
    const response = await server.get(`/trpc/visitor.config?input=${input}`, { Origin: acme.origin })
    expect(await bodyOf(response)).toEqual({ result: { data: await (await config()).json() } })
  })

  test.each<[string, (etag: string) => string]>([
    ['the same', (etag) => etag],
    ['weak', (etag) => `W/${etag.replace(/^W\//, '')}`],
    ['one of several', (etag) => `"other", ${etag}`],
    ['any', () => '*'],
  ])('304 without a body for a known ETag: %s', async (_, known) => {
    const etag = (await config()).headers.get('etag') ?? ''
    const response = await config(undefined, { 'If-None-Match': known(etag) })
    expect(response.status).toBe(304)
    expect(response.headers.get('etag')).toBe(etag)
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    expect(response.headers.get('vary')).toContain('Origin')
    expect(response.headers.get('access-control-allow-origin')).toBe(acme.origin)
    expect(await response.text()).toBe('')
  })

  test('200 for another ETag, which differs between keys', async () => {
    expect((await config(undefined, { 'If-None-Match': '"other"' })).status).toBe(200)
    const [one, two] = [await config(), await config(`client_key=${acme.guestOnly}`)]
    expect(one.headers.get('etag')).not.toBe(two.headers.get('etag'))
  })

  test('403 instead of 304: a known ETag does not bypass the allowlist', async () => {
    const etag = (await config()).headers.get('etag') ?? ''
    const headers = { Origin: 'https://attacker.test', 'If-None-Match': etag }
    await expectText(await config(undefined, headers), 403, refused)
  })

  test.each(['', 'client_key=', 'client_key', 'key=pk_test_acme', 'client_key=pk_test_acme&client_key=pk_test_acme'])(
    '400 with the documented phrase if the client_key is missing, empty or repeated: "%s"',
    async (query) => {
      await expectText(await config(query), 400, 'Missing client_key')
    },
  )

  test.each(['https://attacker.test', 'null', 'http://shop.example', 'https://a.b.shop.example'])(
    '403 with the documented phrase for another origin: %s',
    async (origin) => {
      await expectText(await config(undefined, { Origin: origin }), 403, refused)
    },
  )

  test('403 without an Origin, and with two', async () => {
    const path = `${paths.config}?client_key=${acme.clientKey}`
    await expectText(await server.get(path), 403, refused)
    const headers: [string, string][] = [
      ['Origin', acme.origin],
      ['Origin', acme.origin],
    ]
    expect(await sendRaw(server.url + path, { method: 'GET', headers })).toMatchObject({ status: 403, body: refused })
  })

  test('403 with the same bytes for an unknown or disabled client key and a wrong origin', async () => {
    const headers = { Origin: 'https://attacker.test' }
    const expected = await visible(await config(undefined, headers))
    for (const name of ['pk_test_unknown', acme.disabledClientKey]) {
      expect(await visible(await config(`client_key=${name}`, headers))).toEqual(expected)
      await expectText(await config(`client_key=${name}`), 403, refused)
    }
  })

  test('a refusal is never cached', async () => {
    const response = await config(undefined, { Origin: 'https://attacker.test' })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.has('etag')).toBe(false)
  })

  test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('405 for %s', async (method) => {
    const response = await fetch(`${server.url}${paths.config}?client_key=${acme.clientKey}`, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toContain('GET')
  })
})

test('only the config uses the last known client key while the database is down', async () => {
  let isDown = false
  const database = await assembleServer({
    wrap: (store) => ({
      ...store,
      findClientKey: async (key, options) => {
        if (isDown && !options?.evenStale) throw new StoreUnavailable('down')
        return store.findClientKey(key, options)
      },
    }),
  })
  const headers = { origin: acme.origin }
  const read = async () =>
    (await database.call(`${paths.config}?client_key=${acme.clientKey}`, { method: 'GET', headers })).status
  const begin = async () => (await database.call(paths.guest, { headers, body: { client_key: acme.clientKey } })).status
  expect([await read(), await begin()]).toEqual([200, 200])
  isDown = true
  expect([await read(), await begin()]).toEqual([200, 503])
  await database.stop()
})
