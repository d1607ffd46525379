import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { mintGuest } from './support/fixtures/mint.js'
import { assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const path = '/.well-known/revocations'
const server = withServer()

describe('GET /.well-known/revocations over HTTP', () => {
  test('is readable by every page, and cacheable for ten seconds', async () => {
    const { status, headers } = await server.get(path, { Origin: 'https://anywhere.example' })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/revocations+jwt')
    expect(headers.get('cache-control')).toBe('public, max-age=10')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('etag')).toMatch(/^"[\w-]{22}"$/)
  })

  test('304 for a known ETag, until the feed is signed again', async () => {
    const etag = (await server.get(path)).headers.get('etag') ?? ''
    expect((await server.get(path, { 'If-None-Match': etag })).status).toBe(304)
    server.clock.advance(11_000)
    const renewed = await server.get(path, { 'If-None-Match': etag })
    expect(renewed.status).toBe(200)
    expect(renewed.headers.get('etag')).not.toBe(etag)
  })

  test('HEAD returns the headers, and other methods are rejected', async () => {
    const head = await fetch(server.url + path, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await fetch(server.url + path, { method: 'POST' })).status).toBe(405)
  })
})

test('a clock that is set back delays nothing: the next revocation is in the next feed', async () => {
  const before = await (await server.get(path)).text()
  server.clock.advance(-600_000)
  const { token } = await mintGuest(server)
  const form = new URLSearchParams({ token })
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const revoked = await fetch(`${server.url}/oauth2/revoke`, {
    method: 'POST',
    headers: { ...bearer(acme.key), ...type },
    body: form,
  })
  expect(revoked.status).toBe(200)
  const after = await (await server.get(path)).text()
  const sessionsIn = (feed: string) => (decodeJwt(feed) as { revoked: { session: string } }).revoked.session
  expect(sessionsIn(after)).not.toBe(sessionsIn(before))
  server.clock.advance(600_000)
})

test('without a database, the last feed is served, and 503 if there is none', async () => {
  let isDown = false
  const wrap = <S extends { listRevocations: (...given: never[]) => Promise<unknown> }>(store: S): S => ({
    ...store,
    listRevocations: async (...given: never[]) => {
      if (isDown) throw new Error('the database is gone')
      return store.listRevocations(...given)
    },
  })
  const assembled = await assembleServer({ wrap })
  const ask = () => assembled.call(path, { method: 'GET' })
  isDown = true
  expect((await ask()).status).toBe(503)
  isDown = false
  const { text } = await ask()
  isDown = true
  assembled.clock.advance(60_000)
  expect(await ask()).toMatchObject({ status: 200, text })
  await assembled.stop()
})
