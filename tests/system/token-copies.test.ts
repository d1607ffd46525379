import { tokenAlgs } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  introspect,
  mintBridgeToken,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from './support/fixtures/mint.js'
import { encode, partsOf } from './support/fixtures/sign-raw.js'
import { respellings } from './support/fixtures/token-mutations.js'
import { visible } from './support/http/expect-text.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

/** The order of P-256 (SEC 2, section 2.4.2). */
const order = 0xffffffff_00000000_ffffffff_ffffffff_bce6faad_a7179e84_f3b9cac2_fc632551n

/** The other, equally valid signature (ECDSA is malleable): (r, n − s) for (r, s). */
function twinOf(token: string): string {
  const [header, payload, signature] = partsOf(token)
  const bytes = Buffer.from(signature, 'base64url')
  const s = order - BigInt(`0x${bytes.toString('hex', 32)}`)
  const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  return `${header}.${payload}.${encode(twin)}`
}

describe.each(tokenAlgs)('a copy of a token in another encoding (%s)', (signingAlg) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ config: { signingAlg } })
  })
  afterAll(() => server.stop())

  const exchange = (token: string) => server.postFromShop(paths.exchange, { token })
  /** How an endpoint responds to an invalid token. The response is the same each time, so one request is enough. */
  let badExchange: Awaited<ReturnType<typeof visible>>
  let badRefresh: Awaited<ReturnType<typeof visible>>
  beforeAll(async () => {
    badExchange = await visible(await exchange('no token'))
    badRefresh = await visible(await refresh(server, 'no token'))
  })

  describe.each(Object.entries(respellings))('%s', (_, respell) => {
    const copyOf = (token: string) => respell({ token })

    test('is invalid while the token is active, and does not end it', async () => {
      const token = await mintUserToken(server)
      expect(await visible(await exchange(copyOf(token)))).toEqual(badExchange)
      expect(await introspect(server, copyOf(token))).toEqual({ active: false })
      await revoke(server, copyOf(token))
      expect((await exchange(token)).status).toBe(200)
    })

    test('is invalid once the token was spent', async () => {
      const token = await mintUserToken(server)
      expect((await exchange(token)).status).toBe(200)
      expect(await visible(await exchange(copyOf(token)))).toEqual(badExchange)
      expect(await introspect(server, copyOf(token))).toEqual({ active: false })
    })

    test('is invalid once the token was revoked', async () => {
      const guest = await mintGuest(server)
      const tokens = [await mintUserToken(server), await mintBridgeToken(server), guest.token, guest.refresh_token]
      for (const token of tokens) {
        await revoke(server, token)
        expect(await introspect(server, copyOf(token))).toEqual({ active: false })
        expect(await visible(await exchange(copyOf(token)))).toEqual(badExchange)
      }
      expect(await visible(await refresh(server, copyOf(guest.refresh_token)))).toEqual(badRefresh)
    })
  })

  if (signingAlg === 'ES256') {
    test('the twin of a spent or revoked token is spent or revoked', async () => {
      const [spent, revoked, bridge] = [
        await mintUserToken(server),
        await mintUserToken(server),
        await mintBridgeToken(server),
      ]
      expect((await exchange(spent)).status).toBe(200)
      await revoke(server, revoked)
      await revoke(server, bridge)
      for (const token of [spent, revoked, bridge]) {
        expect(twinOf(token)).not.toBe(token)
        expect(await visible(await exchange(twinOf(token)))).toEqual(badExchange)
        expect(await introspect(server, twinOf(token))).toEqual({ active: false })
      }
    })

    test('a token and its twin are the same token: using either spends both', async () => {
      const token = await mintUserToken(server)
      expect(await introspect(server, twinOf(token))).toMatchObject({ active: true })
      expect((await exchange(twinOf(token))).status).toBe(200)
      expect(await visible(await exchange(token))).toEqual(badExchange)
      const guest = await mintGuest(server)
      await revoke(server, twinOf(guest.token))
      expect(await introspect(server, guest.token)).toEqual({ active: false })
      expect((await refresh(server, guest.refresh_token)).status).toBe(400)
    })
  }
})
