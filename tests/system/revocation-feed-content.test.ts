import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { feedOf, sizeOf } from './support/fixtures/revocation-feed.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, issuer } from './support/servers/resource-server.js'

const second = 1000
const minute = 60 * second

let server: AssembledServer
let asAcme: ReturnType<typeof acmeAt>
beforeEach(async () => {
  server = await assembleServer()
  asAcme = acmeAt(server)
})
afterEach(() => server.stop())

describe('GET /.well-known/revocations', () => {
  test('is small and describes itself while nothing was revoked', async () => {
    const { text, status } = await server.call('/.well-known/revocations', { method: 'GET' })
    expect(status).toBe(200)
    expect(decodeProtectedHeader(text)).toEqual({
      alg: 'EdDSA',
      kid: server.keyRing.signingKey().kid,
      typ: 'revocations+jwt',
    })
    const now = Math.floor(server.clock.now() / 1000)
    expect(decodeJwt(text)).toEqual({
      iss: issuer,
      sub: `${issuer}/.well-known/revocations`,
      iat: now,
      exp: now + 600,
      ttl: 10,
      keys: [server.keyRing.signingKey().kid],
      revoked: { token: '', session: '', client_key: '' },
      cut_offs: Object.fromEntries(
        ['account', 'client_key', 'visitor', 'user', 'customer', 'api_key', 'kind', 'subject', 'resource'].map(
          (name) => [name, {}],
        ),
      ),
    })
    expect(text.length).toBeLessThan(800)
  })

  test('contains no id of an account, session, visitor, user or client key', async () => {
    const { session_id, visitor_id } = await asAcme.user('user_secret')
    const client_key_id = await asAcme.clientKeyId(acme.clientKey)
    for (const what of [{ session_id }, { visitor_id }, { user_id: 'user_secret' }, { client_key_id }]) {
      await asAcme.end(what)
    }
    await asAcme.revoke(await asAcme.bridgeToken())
    server.clock.advance(2 * second)
    const feed = await feedOf(server)
    expect(sizeOf(feed)).toBe(5)
    await asAcme.end({ account: true })
    server.clock.advance(2 * second)
    const said = JSON.stringify([feed, await feedOf(server)])
    for (const id of [session_id, visitor_id, 'user_secret', client_key_id, acme.account])
      expect(said).not.toContain(id)
  })

  test('an account cutoff replaces every name that it covers', async () => {
    const { session_id } = await asAcme.guest()
    await asAcme.end({ session_id })
    await asAcme.end({ user_id: 'user_1' })
    await asAcme.revoke(await asAcme.bridgeToken())
    server.clock.advance(2 * second)
    expect(sizeOf(await feedOf(server))).toBe(3)
    await asAcme.end({ account: true })
    server.clock.advance(1)
    const later = await asAcme.guest()
    server.clock.advance(2 * second)
    await asAcme.end({ session_id: later.session_id })
    server.clock.advance(2 * second)
    const feed = await feedOf(server)
    expect([sizeOf(feed), Object.keys(feed.cut_offs.account).length, feed.revoked.session.length]).toEqual([2, 1, 16])
  })

  test('a spent token is not in the feed', async () => {
    await asAcme.user()
    server.clock.advance(2 * second)
    expect(sizeOf(await feedOf(server))).toBe(0)
  })

  test('drops everything whose tokens have expired', async () => {
    await asAcme.end({ account: true })
    server.clock.advance(1)
    await asAcme.end({ session_id: (await asAcme.guest()).session_id })
    await asAcme.end({ user_id: 'user_1' })
    const id = await asAcme.clientKeyId(acme.guestOnly)
    await asAcme.post(`/v1/admin/client_keys/${id}`, { disabled: true })
    await asAcme.revoke(await asAcme.bridgeToken())
    server.clock.advance(2 * second)
    expect(sizeOf(await feedOf(server))).toBe(5)
    server.clock.advance(17 * minute)
    const later = await feedOf(server)
    expect([later.revoked.session, later.cut_offs.user]).toEqual(['', {}])
    // a bridge token lives four hours, and only its own revocation and a cutoff of its account end it
    expect(sizeOf(later)).toBe(3)
    server.clock.advance(4 * 60 * minute)
    // a declared kind may have tokens that live for a day, also those that a page minted
    const last = await feedOf(server)
    expect(last.cut_offs.account).not.toEqual({})
    expect([last.revoked.token, last.revoked.client_key.length]).toEqual(['', 16])
    server.clock.advance(20 * 60 * minute)
    expect(sizeOf(await feedOf(server))).toBe(0)
  })
})
