import { createVerifier } from '@hallpass/client/verify'
import { decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, fetchFrom, issuer } from './support/servers/resource-server.js'

const minute = 60_000
const jwksMaxAge = 5 * minute

let server: AssembledServer
beforeEach(async () => {
  server = await assembleServer()
})
afterEach(() => server.stop())

/** A cache between verifier and issuer that keeps the keys for as long as their max-age allows. */
function throughCache(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  let held: { readonly text: string; readonly at: number } | undefined
  return async (input, init) => {
    if (!String(input).endsWith('/jwks.json')) return fetch(input, init)
    const now = server.clock.now()
    if (!held || now - held.at >= jwksMaxAge) held = { text: await (await fetch(input, init)).text(), at: now }
    return new Response(held.text)
  }
}

test('createVerifier rejects no valid token over 10 rotations, behind a cache of the keys', async () => {
  const common = { issuer, account: acme.account, fetch: throughCache(fetchFrom(server)), now: server.clock.now }
  const bridge = createVerifier({ ...common, kind: 'bridge' })
  const session = createVerifier({ ...common, kind: 'widget-session' })
  const asAcme = acmeAt(server)
  const kids = new Set<string | undefined>()
  let verified = 0
  for (let rotation = 0; rotation < 10; rotation++) {
    await asAcme.rotate()
    let older = await asAcme.bridgeToken()
    // 18 minutes of small steps while the keys change, then an hour of large ones
    for (let step = 0; step < 12; step++) {
      server.clock.advance(step < 9 ? 2 * minute : 20 * minute)
      await server.keyRing.maintain()
      const token = await asAcme.bridgeToken()
      kids.add(decodeProtectedHeader(token).kid)
      expect(await bridge.verify(token)).toMatchObject({ ok: true })
      expect(await bridge.verify(older)).toMatchObject({ ok: true })
      expect(await session.verify((await asAcme.guest()).token)).toMatchObject({ ok: true })
      verified += 3
      if (step % 3 === 0) older = token
    }
  }
  expect(verified).toBe(360)
  expect(kids.size).toBe(11)
})
