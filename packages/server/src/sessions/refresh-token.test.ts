import { jsonObject } from '@hallpass/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sealRefresh } from '../crypto/numbered-seal.js'
import { fixedKeys } from '../testing/fixed-keys.js'
import { openRefreshToken, type RefreshState, sealRefreshToken, timeFaultOf } from './refresh-token.js'

const keys = fixedKeys(Buffer.alloc(32, 1))
const otherKeys = fixedKeys(Buffer.alloc(32, 2))

const state: RefreshState = {
  sid: 'sid-1',
  counter: 0,
  account_id: 'account-1',
  client_key_id: 'key-1',
  visitor_id: 'visitor-1',
  agent_id: 'agent-1',
  auth_mode: 'user',
  origin: 'https://shop.example',
  user: { id: 'user_42', display_name: 'Ada' },
  traits: { plan: 'pro' },
  metadata: { page: '/cart' },
  started_at: 1_795_248_000_000,
  issued_at: 1_795_248_000_000,
  expires_at: 1_795_334_400_000,
}
const token = sealRefreshToken(keys, state)
const plaintext = JSON.stringify(state)

describe('a refresh token', () => {
  test('of a newer version with more fields is rejected', async () => {
    const newer = { ...state, later: true } as RefreshState
    expect(await openRefreshToken(keys, sealRefreshToken(keys, newer))).toBeUndefined()
  })

  test('opens to its state', async () => {
    expect(await openRefreshToken(keys, token)).toEqual(state)
  })

  test('opens to any valid state', async () => {
    const traits = fc.dictionary(fc.string(), fc.jsonValue()).filter((value) => jsonObject.safeParse(value).success)
    await fc.assert(
      fc.asyncProperty(traits, fc.nat(), async (value, counter) => {
        const plain: RefreshState = JSON.parse(JSON.stringify({ ...state, counter, traits: value }))
        expect(JSON.stringify(await openRefreshToken(keys, sealRefreshToken(keys, plain)))).toBe(JSON.stringify(plain))
      }),
    )
  })

  test('has the same bytes for the same state, so that racing tabs get one successor', () => {
    expect(sealRefreshToken(keys, { ...state })).toBe(token)
    expect(sealRefreshToken(keys, { ...state, counter: 1 })).not.toBe(token)
  })

  test('reveals nothing about its contents', () => {
    expect(token).toMatch(/^hprt_1\.[A-Za-z0-9_-]+$/)
    const sealed = Buffer.from(token.slice(7), 'base64url')
    // the nonce of XAES-256-GCM, and the tag
    expect(sealed).toHaveLength(24 + Buffer.byteLength(plaintext) + 16)
    const bytes = sealed.toString('latin1')
    for (const secret of ['user_42', 'visitor-1', 'Ada']) expect(bytes).not.toContain(secret)
  })

  test('with any one character changed is rejected', async () => {
    for (let at = 0; at < token.length; at++) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      expect(await openRefreshToken(keys, changed)).toBeUndefined()
    }
  })

  test.each([
    ['of another server', sealRefreshToken(otherKeys, state)],
    ['without its prefix', token.slice(5)],
    ['with a prefix twice', `hprt_${token}`],
    ['with a prefix in other letters', token.replace('hprt_', 'HPRT_')],
    ['with padding', `${token}=`],
    ['with a line break', `${token}\n`],
    ['that is empty', 'hprt_'],
    ['that is very long', `hprt_${'A'.repeat(20_000)}`],
    ['sealed for another purpose', `hprt_${sealRefresh(keys.ring.active(), { plaintext, context: 'answer' })}`],
    ['with another data key id', token.replace('hprt_1.', 'hprt_2.')],
    ['without a data key id', token.replace('hprt_1.', 'hprt_')],
    ['with another spelling of the id', token.replace('hprt_1.', 'hprt_01.')],
    ['with the id twice', token.replace('hprt_1.', 'hprt_1.1.')],
  ])('%s is rejected', async (_, text) => {
    expect(await openRefreshToken(keys, text)).toBeUndefined()
  })

  test('with the largest possible session still opens', async () => {
    const full = { id: 'u'.repeat(1024), display_name: '€'.repeat(1024), email: 'e'.repeat(254) }
    const most = {
      ...state,
      user: full,
      agent_id: '€'.repeat(200),
      traits: { a: '€'.repeat(1024), b: '€'.repeat(335) },
      metadata: { a: '€'.repeat(1024), b: '€'.repeat(335) },
    }
    expect(jsonObject.safeParse(most.traits).success).toBe(true)
    expect(await openRefreshToken(keys, sealRefreshToken(keys, most))).toEqual(most)
  })

  test('opens with up to 40,000 characters, and no more', async () => {
    const two = fixedKeys(Buffer.alloc(32, 1), [10])
    const ofLength = (length: number) => {
      const sealed = (padding: number) => sealRefreshToken(two, { ...state, traits: { a: 'x'.repeat(padding) } })
      return sealed(Math.floor(((length - sealed(0).length) * 3) / 4))
    }
    expect(ofLength(40_000)).toHaveLength(40_000)
    expect(await openRefreshToken(two, ofLength(40_000))).toBeDefined()
    expect(ofLength(40_004)).toHaveLength(40_004)
    expect(await openRefreshToken(two, ofLength(40_004))).toBeUndefined()
  })

  test('opens under any data key of the ring, until its key is dropped', async () => {
    const root = Buffer.alloc(32, 1)
    const both = fixedKeys(root, [2, 1])
    expect(await openRefreshToken(both, token)).toEqual(state)
    expect(sealRefreshToken(both, state)).toMatch(/^hprt_2\./)
    expect(await openRefreshToken(fixedKeys(root, [2]), token)).toBeUndefined()
  })

  test('from before data keys had ids still opens', async () => {
    const before = fixedKeys(Buffer.alloc(32, 1), [2, 0])
    const old = sealRefreshToken(fixedKeys(Buffer.alloc(32, 1), [0]), state)
    expect(old).toMatch(/^hprt_[A-Za-z0-9_-]+$/)
    expect(Buffer.from(old.slice(5), 'base64url')).toHaveLength(12 + Buffer.byteLength(plaintext) + 16)
    expect(await openRefreshToken(before, old)).toEqual(state)
  })
})

describe('the times of a refresh token', () => {
  const now = 1_795_248_000_000
  const leeway = 60_000
  const faultOf = (times: Partial<Record<'started_at' | 'issued_at' | 'expires_at', number>>) =>
    timeFaultOf({ started_at: now, issued_at: now, expires_at: now + 1, ...times }, now)

  test('invalidate it at its expiry', () => {
    expect(faultOf({})).toBeUndefined()
    expect(faultOf({ expires_at: now })).toBe('expired')
  })

  test.each(['started_at', 'issued_at'] as const)('may be ahead by at most the leeway: %s', (time) => {
    expect(faultOf({ [time]: now + leeway })).toBeUndefined()
    expect(faultOf({ [time]: now + leeway + 1 })).toBe('not_yet_valid')
  })
})
