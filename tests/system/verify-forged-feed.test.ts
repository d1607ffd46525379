import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { verifiersOf } from './support/fixtures/revocation-feed.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, fetchFrom } from './support/servers/resource-server.js'

const second = 1000
const minute = 60 * second

let server: AssembledServer
let asAcme: ReturnType<typeof acmeAt>
beforeEach(async () => {
  server = await assembleServer()
  asAcme = acmeAt(server)
})
afterEach(() => server.stop())

describe('a feed that must not be trusted', () => {
  /** The server's documents, with the feed changed on the way. */
  const tampered = (change: (jws: string) => string | Promise<string>): typeof globalThis.fetch => {
    return async (input, init) => {
      const response = await fetchFrom(server)(input, init)
      return String(input).includes('/revocations') ? new Response(await change(await response.text())) : response
    }
  }
  const feedAt = async (path: string) => (await server.call(`/.well-known/revocations${path}`, { method: 'GET' })).text
  const verdictWith = async (change: (jws: string) => string | Promise<string>) =>
    verifiersOf(server, { fetch: tampered(change) }).session.verify((await asAcme.guest()).token)

  test.each<[string, (jws: string) => string | Promise<string>]>([
    ['with a letter changed', (jws) => jws.replace(/.$/, (letter) => (letter === 'A' ? 'B' : 'A'))],
    ['without its signature', (jws) => jws.replace(/[^.]+$/, '')],
    ['that is a token', async () => (await asAcme.guest()).token],
    ['that is empty', () => ''],
    ['of another account', () => feedAt(`/${rival.account}`)],
    ['of all accounts, if that of one was requested', () => feedAt('')],
    [
      'of another server',
      async () => {
        const other = await assembleServer({ clock: server.clock })
        const { text } = await other.call(`/.well-known/revocations/${acme.account}`, { method: 'GET' })
        await other.stop()
        return text
      },
    ],
  ])('%s is rejected', async (_, change) => {
    expect(await verdictWith(change)).toMatchObject({ ok: false, reason: 'unavailable' })
  })

  test('an older feed does not replace a newer one', async () => {
    const old = (await server.call(`/.well-known/revocations/${acme.account}`, { method: 'GET' })).text
    let isReplayed = false
    const { session } = verifiersOf(server, { fetch: tampered((jws) => (isReplayed ? old : jws)) })
    const { token, session_id } = await asAcme.guest()
    server.clock.advance(2 * second)
    await asAcme.end({ session_id })
    expect(await session.verify(token)).toMatchObject({ reason: 'revoked' })
    isReplayed = true
    server.clock.advance(minute)
    expect(await session.verify(token)).toMatchObject({ reason: 'revoked' })
  })
})
