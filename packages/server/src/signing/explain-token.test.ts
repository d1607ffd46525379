import { describe, expect, test } from 'vitest'
import { keyPair } from '../testing/key-pair.js'
import { explainToken } from './explain-token.js'
import { compactJws, signToken } from './sign-token.js'

const key = await keyPair('known', 'EdDSA')
const start = Date.parse('2026-11-21T08:00:00.000Z')
const needsAt = (seconds: number, issuer = 'https://pass.example') => ({
  clock: { now: () => start + seconds * 1000, random: (bytes: number) => Buffer.alloc(bytes, 1) },
  issuer: () => issuer,
  keyRing: { signingKey: () => key, verificationKey: (kid: string) => (kid === key.kid ? key : undefined) },
})
const explain = (token: string, seconds = 0, issuer?: string) =>
  explainToken(needsAt(seconds, issuer), 'embed-ticket', token)

const claims = { sub: 'client-key-1', account_id: 'account-1', origin: 'https://shop.example' }
const ticket = signToken(needsAt(0), 'embed-ticket', claims).token
const owner = { accountId: 'account-1' }

describe('the explanation for a refused token', () => {
  test('names the expected kind and the fix', async () => {
    expect(await explain('')).toMatchObject({
      rule: expect.stringContaining('embed-ticket'),
      fix: expect.stringContaining('new token'),
    })
  })

  test.each([
    ['a value of 7 characters that is not a token', 'nothing'],
    ['an unknown key', compactJws({ ...key, kid: 'other' }, 'embed-ticket+jwt', claims)],
    ['an invalid signature', `${ticket.slice(0, -8)}AAAAAAAA`],
  ])('shows %s, but no unproven account', async (seen, token) => {
    const explained = await explain(token)
    expect(explained.seen).toContain(seen)
    expect(explained).not.toHaveProperty('accountId')
    expect(explained).not.toHaveProperty('clientKeyId')
  })

  test('shows the kind and the owner of a token of another kind', async () => {
    const session = { ...claims, client_key_id: 'client-key-1' }
    const explained = await explain(compactJws(key, 'widget-session+jwt', session))
    expect(explained).toMatchObject({ ...owner, clientKeyId: 'client-key-1', seen: 'a widget-session token' })
  })

  test('shows when it expired', async () => {
    expect(await explain(ticket, 60)).toMatchObject({
      ...owner,
      seen: 'a token that expired at 2026-11-21T08:01:00.000Z',
    })
  })

  test.each([
    ['another issuer', 0, 'https://other.example'],
    ['the future', -600, undefined],
  ])('shows that it has another issuer or time: %s', async (_, seconds, issuer) => {
    expect(await explain(ticket, seconds, issuer)).toMatchObject({ ...owner, seen: expect.stringContaining('issuer') })
  })

  test("names no owner that isn't text", async () => {
    const explained = await explain(compactJws(key, 'widget-session+jwt', { account_id: 1, client_key_id: null }))
    expect(explained.seen).toBe('a widget-session token')
    expect(explained).not.toHaveProperty('accountId')
    expect(explained).not.toHaveProperty('clientKeyId')
  })
})
