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

describe('why a token was refused', () => {
  test('names the kind that is needed, and what to do', async () => {
    expect(await explain('')).toMatchObject({
      rule: expect.stringContaining('embed-ticket'),
      fix: expect.stringContaining('new token'),
    })
  })

  test.each([
    ['a text of 7 characters that is no token', 'nothing'],
    ['a key that this server does not have', compactJws({ ...key, kid: 'other' }, 'embed-ticket+jwt', claims)],
    ['whose signature is wrong', `${ticket.slice(0, -8)}AAAAAAAA`],
  ])('says: %s, and nothing of an account that is not proven', async (seen, token) => {
    const explained = await explain(token)
    expect(explained.seen).toContain(seen)
    expect(explained).not.toHaveProperty('accountId')
    expect(explained).not.toHaveProperty('clientKeyId')
  })

  test('says that it is of another kind, and whose it is', async () => {
    const session = { ...claims, client_key_id: 'client-key-1' }
    const explained = await explain(compactJws(key, 'widget-session+jwt', session))
    expect(explained).toMatchObject({ ...owner, clientKeyId: 'client-key-1', seen: 'a widget-session token' })
  })

  test('says when it expired', async () => {
    expect(await explain(ticket, 60)).toMatchObject({
      ...owner,
      seen: 'a token that expired at 2026-11-21T08:01:00.000Z',
    })
  })

  test.each([
    ['another issuer', 0, 'https://other.example'],
    ['the future', -600, undefined],
  ])('says that it is of another issuer or time: %s', async (_, seconds, issuer) => {
    expect(await explain(ticket, seconds, issuer)).toMatchObject({ ...owner, seen: expect.stringContaining('issuer') })
  })

  test('names no owner that is not a text', async () => {
    const explained = await explain(compactJws(key, 'widget-session+jwt', { account_id: 1, client_key_id: null }))
    expect(explained.seen).toBe('a widget-session token')
    expect(explained).not.toHaveProperty('accountId')
    expect(explained).not.toHaveProperty('clientKeyId')
  })
})
