import { parseJws, type SessionClaims } from '@hallpass/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ownTimers } from '../../testing/own-timers.js'
import { cacheDocument } from '../cache-document.js'
import type { CachedRevocations, Revocations } from '../cache-revocations.js'
import { nameToken } from '../is-revoked.js'
import type { HeldToken } from './held-token.js'
import { HoldEndedError } from './hold-ended.js'
import { createHolder } from './hold-tokens.js'

const start = Date.parse('2026-11-29T08:00:00.000Z')
const second = 1_000
const account = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11'

let timers: () => number
beforeEach(() => {
  vi.useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  timers = ownTimers(/\/verify\/hold\//)
})
afterEach(() => vi.useRealTimers())

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A token with these claims. The verifier below accepts any signature. */
function tokenOf(session: number, more: Partial<SessionClaims> = {}, kid = 'key-1'): string {
  const claims = {
    iss: 'https://pass.example',
    sub: 'visitor-1',
    iat: start / 1000,
    exp: start / 1000 + 900,
    jti: 'jti-1',
    aud: 'widget-session',
    sid: `019ac000-0000-7000-8000-${String(session).padStart(12, '0')}`,
    account_id: account,
    client_key_id: 'client-key-1',
    agent_id: 'agent-1',
    auth_mode: 'guest',
    ...more,
  } satisfies SessionClaims
  return `${encode({ alg: 'EdDSA', kid, typ: 'widget-session+jwt' })}.${encode(claims)}.c2ln`
}

const claimsIn = (token: string) => parseJws(token)?.payload as SessionClaims

/** A feed that a test updates. Its issuer is unreachable. */
function setUp({ maxStalenessSeconds }: { maxStalenessSeconds: number | undefined } = { maxStalenessSeconds: 300 }) {
  const document = cacheDocument<Revocations>(
    () => Promise.reject(new Error('cut')),
    { fresh: 1e9, usable: 1e9, minRefetchInterval: 0 },
    { now: Date.now },
  )
  let looks = 0
  const peek = () => {
    looks++
    return document.peek()
  }
  const feed: CachedRevocations = { ...document, peek, path: '', longest: 0, take: async () => {} }
  let watching = 0
  let watched = 0
  const hold = createHolder<'widget-session'>({
    verify: async (token) => ({ ok: true, claims: claimsIn(token ?? '') }),
    feedOf: () => feed,
    watch: () => {
      watching++
      watched++
      return () => {
        watching--
      }
    },
    maxStalenessSeconds,
    now: Date.now,
  })
  const sign = (said: { keys?: string[]; sessions?: string[] } = {}) =>
    feed.put({
      iat: Math.floor(Date.now() / 1000),
      size: 0,
      keys: new Set(said.keys ?? ['key-1']),
      cutoff: undefined,
      revoked: { token: new Set(), session: new Set(said.sessions), client_key: new Set() },
      cutoffs: {
        account: new Map(),
        client_key: new Map(),
        visitor: new Map(),
        user: new Map(),
        customer: new Map(),
        api_key: new Map(),
        kind: new Map(),
        subject: new Map(),
        resource: new Map(),
      },
    })
  const hear = async (token: string) => {
    const reasons: string[] = []
    const held = await hold(token, { onEnd: (reason) => reasons.push(reason) })
    if (!held.ok) throw new Error(held.reason)
    return { held, reasons }
  }
  sign()
  return { hold, hear, sign, feed, looks: () => looks, watching: () => [watching, watched] }
}

const sessionName = async (token: string) =>
  (await nameToken(claimsIn(token))).endings.find(({ what }) => what === 'session')?.name ?? ''
const reasonIn = ({ signal }: HeldToken<'widget-session'>) =>
  signal.reason instanceof HoldEndedError ? signal.reason.reason : undefined

describe('a held token', () => {
  test('ends when it expires, once, and leaves no timer behind', async () => {
    const { hear, sign, watching } = setUp()
    const { held, reasons } = await hear(tokenOf(1))
    for (let passed = 0; passed < 899; passed += 1) {
      if (passed % 10 === 0) sign()
      vi.advanceTimersByTime(second)
    }
    expect(held.signal.aborted).toBe(false)
    vi.advanceTimersByTime(second)
    expect([reasonIn(held), reasons]).toEqual(['expired', ['expired']])
    sign()
    vi.advanceTimersByTime(1_000 * second)
    expect(reasons).toEqual(['expired'])
    expect([timers(), ...watching()]).toEqual([0, 0, 1])
  })

  test('ends when the feed revokes its session; other tokens of the account stay held', async () => {
    const { hear, sign } = setUp()
    const [one, other] = [await hear(tokenOf(1)), await hear(tokenOf(2))]
    sign({ sessions: [await sessionName(tokenOf(1))] })
    expect([reasonIn(one.held), one.reasons, other.reasons]).toEqual(['revoked', ['revoked'], []])
  })

  test('ends when its signing key is removed', async () => {
    const { hear, sign } = setUp()
    const [old, newer] = [await hear(tokenOf(1)), await hear(tokenOf(2))]
    await newer.held.renew(tokenOf(2, { exp: start / 1000 + 901 }, 'key-1'))
    sign({ keys: ['key-2', 'key-1'] })
    expect((await newer.held.renew(tokenOf(2, { exp: start / 1000 + 902 }, 'key-2'))).ok).toBe(true)
    sign({ keys: ['key-2'] })
    expect([old.reasons, newer.reasons]).toEqual([['unknown_key'], []])
  })

  test.each([
    [300, ['unavailable']],
    [undefined, []],
  ])('with maxStalenessSeconds %s and a feed of 301 s, ends with %j', async (maxStalenessSeconds, expected) => {
    const { hear } = setUp({ maxStalenessSeconds })
    const { reasons } = await hear(tokenOf(1))
    vi.advanceTimersByTime(300 * second)
    expect(reasons).toEqual([])
    vi.advanceTimersByTime(second)
    expect(reasons).toEqual(expected)
  })

  test('ends if the clock is set forward past its expiry', async () => {
    const { hear } = setUp({ maxStalenessSeconds: 100_000 })
    const { reasons } = await hear(tokenOf(1))
    vi.setSystemTime(start + 1_000 * second)
    vi.advanceTimersByTime(10 * second)
    expect(reasons).toEqual(['expired'])
  })

  test('is refused if the feed revoked it during its verification', async () => {
    const { hold, sign } = setUp()
    sign({ sessions: [await sessionName(tokenOf(1))] })
    expect(await hold(tokenOf(1))).toMatchObject({ ok: false, reason: 'revoked' })
  })

  test('never ends after its release, and its feed is no longer watched', async () => {
    const { hear, sign, watching } = setUp()
    const { held, reasons } = await hear(tokenOf(1))
    held.release()
    held.release()
    expect([timers(), ...watching()]).toEqual([0, 0, 1])
    sign({ sessions: [await sessionName(tokenOf(1))] })
    vi.advanceTimersByTime(1_000 * second)
    expect([held.signal.aborted, reasons]).toEqual([false, []])
  })

  test('continues with a newer token of its session', async () => {
    const { hear, sign } = setUp({ maxStalenessSeconds: 100_000 })
    const { held, reasons } = await hear(tokenOf(1))
    const newer = tokenOf(1, { exp: start / 1000 + 1_200 })
    expect(await held.renew(newer)).toMatchObject({ ok: true })
    expect(await held.renew(tokenOf(1))).toMatchObject({ ok: true })
    expect(held.claims.exp).toBe(start / 1000 + 1_200)
    vi.advanceTimersByTime(1_199 * second)
    expect(reasons).toEqual([])
    sign({ sessions: [await sessionName(newer)] })
    expect(reasons).toEqual(['revoked'])
    expect(await held.renew(newer)).toMatchObject({ ok: false, reason: 'revoked' })
  })

  test.each([
    ['session', tokenOf(2)],
    ['visitor', tokenOf(1, { sub: 'visitor-2' })],
    ['account', tokenOf(1, { account_id: 'account-2' })],
  ])('does not continue with a token of another %s', async (_, other) => {
    const { hear } = setUp()
    const { held, reasons } = await hear(tokenOf(1))
    expect(await held.renew(other)).toMatchObject({ ok: false, reason: 'wrong_subject' })
    expect([held.claims.sid, reasons]).toEqual([claimsIn(tokenOf(1)).sid, []])
  })
})

test('2,000 tokens share two timers and one check of the feed, which looks at each token once', async () => {
  const { hear, sign, watching, looks } = setUp()
  const all = []
  for (let session = 0; session < 2_000; session++) all.push(await hear(tokenOf(session)))
  expect([timers(), ...watching()]).toEqual([2, 1, 1])
  const [before, ended] = [looks(), await sessionName(tokenOf(77))]
  sign({ sessions: [ended] })
  // and once for the age of the feed
  expect(looks() - before).toBe(2_000 + 1)
  expect(all.filter(({ reasons }) => reasons.length > 0)).toHaveLength(1)
  for (const { held } of all) held.release()
  expect([timers(), ...watching()]).toEqual([0, 0, 1])
})
