import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { paths } from './support/fixtures/mint.js'
import { verifiersOf } from './support/fixtures/revocation-feed.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'
import { acmeAt } from './support/servers/resource-server.js'
import { compactJws } from './support/servers/server-parts.js'

let server: AssembledServer
let asAcme: ReturnType<typeof acmeAt>
beforeEach(async () => {
  server = await assembleServer()
  asAcme = acmeAt(server)
})
afterEach(() => server.stop())

/** The token as signed by a version without the claim `api_key_id`. */
function withoutKey(token: string, typ: string): string {
  const { api_key_id, ...claims } = decodeJwt(token)
  expect(api_key_id).toEqual(expect.any(String))
  return compactJws(server.keyRing.signingKey(), typ, claims)
}

async function isActive(token: string): Promise<unknown> {
  const headers = { ...bearer(hostKey), 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams({ token }).toString()
  return (await server.call(paths.introspect, { headers, body })).body.active
}

describe('a token of an older version without the id of a secret key', () => {
  test('is accepted, and ends with the revocation of any secret key; guest sessions stay', async () => {
    const { session, bridge } = verifiersOf(server)
    const oldBridge = withoutKey(await asAcme.bridgeToken(), 'bridge+jwt')
    const oldUser = withoutKey((await asAcme.user()).token, 'widget-session+jwt')
    const oldVisitor = withoutKey(await asAcme.visitorToken(), 'visitor+jwt')
    const guest = (await asAcme.guest()).token
    const named = await asAcme.bridgeToken()
    for (const token of [oldBridge, oldUser, oldVisitor, guest, named]) expect(await isActive(token)).toBe(true)
    for (const token of [oldUser, guest]) expect(await session.verify(token)).toMatchObject({ ok: true })
    expect(await bridge.verify(oldBridge)).toMatchObject({ ok: true })
    server.clock.advance(1)
    await asAcme.end({ api_key_id: await asAcme.apiKeyId('backend') })
    for (const token of [oldBridge, oldUser, oldVisitor]) expect(await isActive(token)).toBe(false)
    for (const token of [guest, named]) expect(await isActive(token)).toBe(true)
    const exchange = { headers: { origin: acme.origin }, body: { token: oldVisitor } }
    expect((await server.call(paths.exchange, exchange)).status).toBe(400)
    server.clock.advance(30_000)
    expect(await session.verify(oldUser)).toMatchObject({ ok: false, reason: 'revoked' })
    expect(await bridge.verify(oldBridge)).toMatchObject({ ok: false, reason: 'revoked' })
    expect(await session.verify(guest)).toMatchObject({ ok: true })
    expect(await bridge.verify(named)).toMatchObject({ ok: true })
  })
})
