import { createVerifier, type VerifierOptions } from '@hallpass/client/verify'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, fetchFrom, issuer } from './support/servers/resource-server.js'

const second = 1000

let server: AssembledServer
let asAcme: ReturnType<typeof acmeAt>
let asked: string[] = []
/** An issuer that has only the feed of all accounts. */
let isOlder = false
beforeAll(async () => {
  server = await assembleServer()
  asAcme = acmeAt(server)
})
afterAll(() => server.stop())
afterEach(() => {
  asked = []
  isOlder = false
})

const fetch: typeof globalThis.fetch = async (input, init) => {
  const { pathname } = new URL(String(input))
  asked.push(pathname)
  if (isOlder && pathname.startsWith('/.well-known/revocations/')) return new Response(null, { status: 404 })
  return fetchFrom(server)(input, init)
}
const verifierFor = (account: VerifierOptions<'widget-session'>['account']) =>
  createVerifier({ issuer, kind: 'widget-session', account, fetch, now: server.clock.now })
const feedsAsked = () => asked.filter((path) => path.includes('revocations'))
const own = `/.well-known/revocations/${acme.account}`

describe("a verifier and its account's feed", () => {
  test('reads the feed of the account, and never that of all accounts', async () => {
    const { token, session_id } = await asAcme.guest()
    const verifier = verifierFor(acme.account)
    expect((await verifier.verify(token)).ok).toBe(true)
    await asAcme.end({ session_id })
    server.clock.advance(13 * second)
    expect(await verifier.verify(token)).toMatchObject({ reason: 'revoked' })
    expect(feedsAsked()).toEqual([own, own])
  })

  test('a verifier of any account requests feeds only for tokens with a valid signature', async () => {
    const { token } = await asAcme.guest()
    const verifier = verifierFor('any')
    const [header = '', payload = '', signature = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    for (let i = 0; i < 50; i++) {
      const account_id = `0f9b7c1e-3d52-4a86-9c4f-6b1f0a9dff${String(i).padStart(2, '0')}`
      const forged = Buffer.from(JSON.stringify({ ...claims, account_id })).toString('base64url')
      expect(await verifier.verify([header, forged, signature].join('.'))).toMatchObject({ reason: 'bad_signature' })
    }
    expect(feedsAsked()).toEqual([])
    expect((await verifier.verify(token)).ok).toBe(true)
    expect(feedsAsked()).toEqual([own])
  })

  test('a verifier of another account requests no feed', async () => {
    const verdict = await verifierFor(rival.account).verify((await asAcme.guest()).token)
    expect(verdict).toMatchObject({ reason: 'wrong_account' })
    expect(feedsAsked()).toEqual([])
  })

  test('if an issuer has no feeds per account, the feed of all accounts decides', async () => {
    isOlder = true
    const { token, session_id } = await asAcme.guest()
    const verifier = verifierFor(acme.account)
    expect((await verifier.verify(token)).ok).toBe(true)
    await asAcme.end({ session_id })
    server.clock.advance(13 * second)
    expect(await verifier.verify(token)).toMatchObject({ reason: 'revoked' })
    isOlder = false
    server.clock.advance(13 * second)
    expect(await verifier.verify(token)).toMatchObject({ reason: 'revoked' })
    expect(feedsAsked().at(-1)).toBe(own)
  })
})
