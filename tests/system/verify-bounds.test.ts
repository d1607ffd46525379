import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifier } from '@hallpass/client/verify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { verifiersOf } from './support/fixtures/revocation-feed.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, issuer } from './support/servers/resource-server.js'

const second = 1000

let server: AssembledServer
beforeAll(async () => {
  server = await assembleServer()
})
afterAll(() => server.stop())

describe('an endless document', () => {
  const chunk = Buffer.alloc(1_000_000, 'a')
  /** The issuer's documents over HTTP, except that one path returns letters forever. */
  async function serveEndless(endless: RegExp) {
    let sent = 0
    let closed = () => {}
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve
    })
    const origin = createServer(async (request, response) => {
      const path = request.url ?? ''
      if (!endless.test(path)) {
        const { text } = await server.call(path, { method: 'GET' })
        response.end(text)
        return
      }
      const write = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
        sent += chunk.length
      }
      response.on('drain', write).on('close', closed)
      write()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => origin.once('listening', resolve))
    const { port } = origin.address() as AddressInfo
    const stop = () => new Promise((resolve) => origin.close(resolve))
    return { baseUrl: `http://127.0.0.1:${port}`, sent: () => sent, isClosed, stop }
  }

  test.each([
    ['revocation feed', /revocations/, { by: 'feed' }],
    ['key set', /jwks/, { by: 'feed' }],
    ['introspection response', /introspect/, { by: 'introspection', apiKey: acme.key }],
  ] as const)('unavailable for a %s that is too long, whose rest is not read', async (_, path, revocation) => {
    const origin = await serveEndless(path)
    const { baseUrl } = origin
    const verifier = createVerifier({ issuer, baseUrl, kind: 'widget-session', account: acme.account, revocation })
    const { token } = await acmeAt(server).guest()
    expect(await verifier.verify(token)).toMatchObject({ ok: false, reason: 'unavailable' })
    await origin.isClosed
    // including what the sockets buffered
    expect(origin.sent()).toBeLessThan(30_000_000)
    await origin.stop()
  })
})

describe('maxStalenessSeconds', () => {
  const verifierWith = (maxStalenessSeconds: number) =>
    verifiersOf(server, { revocation: { by: 'feed', maxStalenessSeconds } }).bridge

  test.each([-1, 0, 12, 29, Number.NaN])('%d is too short to accept any token reliably: RangeError', (seconds) => {
    expect(() => verifierWith(seconds)).toThrow(RangeError)
    expect(() => verifierWith(seconds)).toThrow(/at least 30/)
  })

  test('30 accepts a valid token even with the oldest possible feed from a cache', async () => {
    const revocation = { by: 'feed', maxStalenessSeconds: 30 } as const
    const { bridge, session } = verifiersOf(server, { revocation })
    const asAcme = acmeAt(server)
    const [token, guest] = [await asAcme.bridgeToken(), await asAcme.guest()]
    server.clock.advance(20 * second)
    // signed now; the server serves it for 10 seconds, and the cache for 10 more
    await server.call(`/.well-known/revocations/${acme.account}`, { method: 'GET' })
    server.clock.advance(9.9 * second)
    expect(await session.verify(guest.token)).toMatchObject({ ok: true })
    server.clock.advance(9.9 * second)
    expect(await bridge.verify(token)).toMatchObject({ ok: true })
    // a feed requested 12 seconds ago is still used
    server.clock.advance(11.9 * second)
    expect(await bridge.verify(token)).toMatchObject({ ok: true })
  })
})
