import { createVerifier, type RefusalReason, refusalReasons, type VerifierOptions } from '@hallpass/client/verify'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import type { Forge } from './support/fixtures/forge-token.js'
import { mutations } from './support/fixtures/token-mutations.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, fetchFrom, forgeAt, issuer } from './support/servers/resource-server.js'

const kinds = ['bridge', 'widget-session'] as const
type Kind = (typeof kinds)[number]

let server: AssembledServer
let elsewhere: AssembledServer
let forge: Omit<Forge, 'token' | 'other'>
beforeAll(async () => {
  server = await assembleServer()
  elsewhere = await assembleServer({ clock: server.clock })
  forge = forgeAt(server, String((await acmeAt(server).rotate()).kid))
})
afterAll(async () => {
  await server.stop()
  await elsewhere.stop()
})

const mint = (kind: Kind, from = server) =>
  kind === 'bridge'
    ? acmeAt(from).bridgeToken()
    : acmeAt(from)
        .guest()
        .then(({ token }) => token)

function verifierOf<K extends Kind>(kind: K, options: Partial<VerifierOptions<K>> = {}) {
  return createVerifier({
    issuer,
    kind,
    account: acme.account,
    fetch: fetchFrom(server),
    now: server.clock.now,
    ...options,
  })
}
const reasonOf = async (kind: Kind, token: string | undefined, options: Partial<VerifierOptions<Kind>> = {}) => {
  const verdict = await verifierOf(kind, options).verify(token)
  return verdict.ok ? 'ok' : verdict.reason
}

describe('a verifier', () => {
  test.each(kinds)('returns the claims of a valid %s token', async (kind) => {
    const token = await mint(kind)
    expect(await verifierOf(kind).verify(token)).toEqual({ ok: true, claims: decodeJwt(token) })
  })

  test('accepts tokens of its own accounts only', async () => {
    const token = await mint('bridge')
    expect(await reasonOf('bridge', token, { account: rival.account })).toBe('wrong_account')
    expect(await reasonOf('bridge', token, { account: [rival.account, acme.account] })).toBe('ok')
    expect(await reasonOf('bridge', token, { account: 'any' })).toBe('ok')
    expect(await reasonOf('bridge', token, { account: [] })).toBe('wrong_account')
  })

  test.each<[string, RefusalReason, () => Promise<string | undefined>]>([
    ['nothing', 'missing', async () => undefined],
    ['nothing much', 'missing', async () => ''],
    ['an invalid token', 'malformed', async () => 'no token'],
    ['a token of another kind', 'wrong_kind', () => mint('bridge')],
    ['a visitor token, which is spent at the issuer', 'wrong_kind', () => acmeAt(server).visitorToken()],
    ['an embed ticket', 'wrong_kind', () => acmeAt(server).embedTicket()],
    ['a refresh token', 'malformed', async () => (await acmeAt(server).guest()).refresh_token],
    ['a token of another server of the same name', 'unknown_key', () => mint('widget-session', elsewhere)],
    [
      'the revocation feed',
      'malformed',
      async () => (await server.call('/.well-known/revocations', { method: 'GET' })).text,
    ],
  ])('%s is %s', async (_, reason, give) => {
    const token = await give()
    const expected = reason === 'malformed' && token?.split('.').length === 3 ? 'wrong_kind' : reason
    expect(await reasonOf('widget-session', token)).toBe(expected)
  })

  test('a token is valid in its last second, and rejected as expired from then on', async () => {
    const token = await mint('widget-session')
    const { exp = 0 } = decodeJwt(token)
    const at = (milliseconds: number) => ({ now: () => milliseconds, revocation: { by: 'expiry' } as const })
    expect(await reasonOf('widget-session', token, at(exp * 1000 - 1))).toBe('ok')
    expect(await reasonOf('widget-session', token, at(exp * 1000))).toBe('expired')
  })

  test('rejects a value that is not a string, which callers without types can pass', async () => {
    for (const token of [42, {}, ['a.b.c'], true]) {
      expect(await reasonOf('bridge', token as unknown as string)).toBe('malformed')
    }
  })

  test("reports the cause of an issuer's failure to the log, but not to the caller", async () => {
    const revocation = { by: 'introspection', apiKey: 'sk_test_unknown' } as const
    const verdict = await verifierOf('bridge', { revocation }).verify(await mint('bridge'))
    expect(verdict).toMatchObject({ ok: false, reason: 'unavailable', cause: { reason: 'unauthenticated' } })
  })

  test('describes its reason in a message', async () => {
    const verdict = await verifierOf('bridge').verify(await mint('widget-session'))
    expect(verdict).toEqual({ ok: false, reason: 'wrong_kind', description: refusalReasons.wrong_kind })
  })
})

describe.each(kinds)('a %s token that was tampered with', (kind) => {
  test('includes at least 40 mutations', () => {
    expect(Object.keys(mutations).length).toBeGreaterThanOrEqual(40)
  })

  test.each(Object.keys(mutations))('is rejected: %s', async (name) => {
    const verifier = verifierOf(kind)
    const [token, other] = [await mint(kind), await mint(kind)]
    const hostile = mutations[name]?.({ ...forge, token, other }) ?? ''
    expect(hostile).not.toBe(token)
    const verdict = await verifier.verify(hostile)
    expect(verdict.ok).toBe(false)
    // it must be rejected for what it is: `unavailable` would prove nothing
    expect(!verdict.ok && verdict.reason).toMatch(/^(missing|malformed|wrong_|unknown_key|bad_|not_yet_valid|expired)/)
    // the original token is still valid, so the change was the reason
    expect((await verifier.verify(token)).ok).toBe(true)
  })
})

describe('an issuer that does not respond', () => {
  const down = async () => {
    throw new TypeError('fetch failed')
  }
  /** A connection to the server that can be cut. */
  function cuttable() {
    let isCut = false
    let requests = 0
    const fetch: typeof globalThis.fetch = (...request) => {
      requests++
      return isCut ? down() : fetchFrom(server)(...request)
    }
    return { fetch, cut: (value = true) => (isCut = value), requests: () => requests }
  }

  test('from the start: tokens are unavailable, without a request for every token', async () => {
    let requests = 0
    const fetch = () => {
      requests++
      return down()
    }
    const verifier = verifierOf('bridge', { fetch })
    const token = await mint('bridge')
    for (let call = 0; call < 50; call++) {
      expect(await verifier.verify(token)).toMatchObject({ ok: false, reason: 'unavailable' })
    }
    expect(requests).toBeLessThan(5)
  })

  test('for a while: caches are used, but without a feed for five minutes, nothing is accepted', async () => {
    const { fetch, cut } = cuttable()
    const verifier = verifierOf('bridge', { fetch })
    const token = await mint('bridge')
    expect((await verifier.verify(token)).ok).toBe(true)
    cut()
    server.clock.advance(290_000)
    expect((await verifier.verify(token)).ok).toBe(true)
    server.clock.advance(15_000)
    expect(await verifier.verify(token)).toMatchObject({ ok: false, reason: 'unavailable' })
    cut(false)
    server.clock.advance(20_000)
    expect((await verifier.verify(token)).ok).toBe(true)
  })

  test('for hours: cached keys are used as long as it lasts, if a stale feed is accepted', async () => {
    const { fetch, cut } = cuttable()
    const verifier = verifierOf('bridge', { fetch, revocation: { by: 'feed', whenStale: 'accept' } })
    const token = await mint('bridge')
    expect((await verifier.verify(token)).ok).toBe(true)
    cut()
    server.clock.advance(3 * 3_600_000)
    expect((await verifier.verify(token)).ok).toBe(true)
  })

  test('concurrent calls share one request for each document', async () => {
    const { fetch, requests } = cuttable()
    const verifier = verifierOf('bridge', { fetch })
    const token = await mint('bridge')
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => verifier.verify(token)))
    expect(verdicts.filter(({ ok }) => !ok)).toEqual([])
    expect(requests()).toBe(2)
  })

  test('unknown keys cause one request in five seconds, however many there are', async () => {
    const { fetch, requests } = cuttable()
    const verifier = verifierOf('bridge', { fetch, revocation: { by: 'expiry' } })
    const foreign = await mint('bridge', elsewhere)
    for (let call = 0; call < 100; call++) {
      expect(await verifier.verify(foreign)).toMatchObject({ reason: 'unknown_key' })
    }
    expect(requests()).toBe(2)
  })
})
