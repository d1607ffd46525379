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

describe('a document without an end', () => {
  const chunk = Buffer.alloc(1_000_000, 'a')
  /** The issuer's documents over HTTP, except that one path is answered with letters for ever. */
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
  ] as const)('unavailable for a %s that is longer than any: the rest is not read', async (_, path, revocation) => {
    const origin = await serveEndless(path)
    const { baseUrl } = origin
    const verifier = createVerifier({ issuer, baseUrl, kind: 'widget-session', account: acme.account, revocation })
    const { token } = await acmeAt(server).guest()
    expect(await verifier.verify(token)).toMatchObject({ ok: false, reason: 'unavailable' })
    await origin.isClosed
    // what the sockets hold on the way included
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

  test('30 accepts a good token also where the feed came from a cache, as old as it can be', async () => {
    const revocation = { by: 'feed', maxStalenessSeconds: 30 } as const
    const { bridge, session } = verifiersOf(server, { revocation })
    const asAcme = acmeAt(server)
    const [token, guest] = [await asAcme.bridgeToken(), await asAcme.guest()]
    server.clock.advance(20 * second)
    // signed now; the server gives the same for 10 seconds, and the cache for 10 more
    await server.call(`/.well-known/revocations/${acme.account}`, { method: 'GET' })
    server.clock.advance(9.9 * second)
    expect(await session.verify(guest.token)).toMatchObject({ ok: true })
    server.clock.advance(9.9 * second)
    expect(await bridge.verify(token)).toMatchObject({ ok: true })
    // a feed that was asked for 12 seconds ago is still used
    server.clock.advance(11.9 * second)
    expect(await bridge.verify(token)).toMatchObject({ ok: true })
  })
})
