import { type RevocationFeed, timeOfId } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { sizeOf } from './support/fixtures/revocation-feed.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, issuer } from './support/servers/resource-server.js'

const second = 1000
const unknownAccount = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e99'

let server: AssembledServer
let asAcme: ReturnType<typeof acmeAt>
beforeEach(async () => {
  server = await assembleServer()
  asAcme = acmeAt(server)
})
afterEach(() => server.stop())

const get = (account: string) => server.call(`/.well-known/revocations/${account}`, { method: 'GET' })
const feedOf = async (account: string) => decodeJwt<RevocationFeed>((await get(account)).text)

describe('GET /.well-known/revocations/{account}', () => {
  test('names what was revoked in the account, and nothing of other accounts', async () => {
    await asAcme.end({ session_id: (await asAcme.guest()).session_id })
    expect(sizeOf(await feedOf(acme.account))).toBe(1)
    expect(sizeOf(await feedOf(rival.account))).toBe(0)
  })

  test("contains its own URL, so it can't be replaced by the feed of another account", async () => {
    const feed = await feedOf(acme.account)
    expect(feed).toMatchObject({ iss: issuer, sub: `${issuer}/.well-known/revocations/${acme.account}`, ttl: 10 })
    expect(feed.keys).toEqual([server.keyRing.signingKey().kid])
  })

  test('an unknown account has an empty feed with the same members and headers', async () => {
    const [known, unknown] = [await get(rival.account), await get(unknownAccount)]
    expect(unknown.status).toBe(200)
    const { sub: _, ...content } = decodeJwt(unknown.text)
    expect(decodeJwt(known.text)).toMatchObject(content)
    expect([...unknown.headers.keys()]).toEqual([...known.headers.keys()])
  })

  test('404 for an invalid account id', async () => {
    for (const id of ['acme', acme.account.toUpperCase(), `${acme.account}x`, '%00'])
      expect((await get(id)).status, id).toBe(404)
  })

  test('contains the restore mark', async () => {
    const restoredAt = server.clock.now()
    await server.store.markRestored(restoredAt)
    expect(await feedOf(acme.account)).toMatchObject({ cut_off: restoredAt })
  })

  test('shows a revocation within a second, and a client key only while it is disabled', async () => {
    const id = await asAcme.clientKeyId(acme.guestOnly)
    const disable = async (disabled: boolean) => {
      await asAcme.post(`/v1/admin/client_keys/${id}`, { disabled })
      server.clock.advance(second)
      return (await feedOf(acme.account)).revoked.client_key.length
    }
    await feedOf(acme.account)
    expect([await disable(true), await disable(false)]).toEqual([16, 0])
  })

  test('finds a revocation whose transaction was committed late', async () => {
    const { session_id: sid } = await asAcme.guest()
    const decidedAt = server.clock.now()
    server.clock.advance(60 * second)
    await feedOf(acme.account)
    await server.store.revokeSession({ accountId: acme.account, sid }, { now: decidedAt, expiresAt: decidedAt + 1e9 })
    server.clock.advance(6 * second)
    expect(sizeOf(await feedOf(acme.account))).toBe(1)
    expect(timeOfId(sid)).toBeLessThanOrEqual(decidedAt)
  })
})
