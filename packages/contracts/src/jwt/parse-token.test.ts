import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jwtKinds } from '../claims.js'
import { parseToken } from './parse-token.js'

const encode = (part: unknown) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
const header = { alg: 'EdDSA', kid: 'key-1', typ: 'bridge+jwt' }
const token = (first: unknown = header, payload: unknown = { sub: 'a' }, signature = 'c2ln') =>
  `${encode(first)}.${encode(payload)}.${signature}`

describe('parseToken', () => {
  test.each(Object.entries(jwtKinds))('recognizes a %s token by its typ', (kind, { typ }) => {
    const payload = { sub: 'a' }
    expect(parseToken(token({ ...header, typ }))).toEqual({ kind, typ, kid: 'key-1', alg: 'EdDSA', payload })
    expect(parseToken(token({ ...header, typ, alg: 'ES256' }))).toMatchObject({ kind, kid: 'key-1', alg: 'ES256' })
  })

  test.each(['JWT', 'at+jwt'])('takes a token of typ %s for a session with an audience of its own only', (typ) => {
    const kindWith = (aud: unknown) => parseToken(token({ ...header, typ }, { aud }))?.kind
    expect(kindWith('https://api.example')).toBe('widget-session')
    for (const aud of [
      'widget-session',
      'bridge',
      'visitor',
      'embed-ticket',
      'card',
      'refresh',
      '',
      'a b',
      undefined,
    ]) {
      expect(kindWith(aud)).toBeUndefined()
    }
    for (const aud of [['https://api.example'], 1, null, {}]) expect(kindWith(aud)).toBeUndefined()
  })

  test('accepts these exact bytes', () => {
    const written = 'eyJhbGciOiJFZERTQSIsImtpZCI6ImtleS0xIiwidHlwIjoiYnJpZGdlK2p3dCJ9.eyJzdWIiOiJhIn0.c2ln'
    expect(token()).toBe(written)
    expect(parseToken(written)).toMatchObject({ kind: 'bridge', kid: 'key-1', alg: 'EdDSA', payload: { sub: 'a' } })
  })

  test.each<[string, unknown]>([
    ['no algorithm', { ...header, alg: 'none' }],
    ['a symmetric algorithm', { ...header, alg: 'HS256' }],
    ['another signature algorithm', { ...header, alg: 'PS256' }],
    ['an algorithm in lower case', { ...header, alg: 'eddsa' }],
    ['a list of algorithms', { ...header, alg: ['EdDSA'] }],
    ['no kid', { alg: 'EdDSA', typ: 'bridge+jwt' }],
    ['an empty kid', { ...header, kid: '' }],
    ['a long kid', { ...header, kid: 'k'.repeat(101) }],
    ['a number as kid', { ...header, kid: 1 }],
    ['no typ', { alg: 'EdDSA', kid: 'key-1' }],
    ['typ JWT', { ...header, typ: 'JWT' }],
    ['typ at+jwt', { ...header, typ: 'at+jwt' }],
    ['a typ in another case', { ...header, typ: 'Bridge+JWT' }],
    ['a full media type', { ...header, typ: 'application/bridge+jwt' }],
    ['a typ named like a member of Object.prototype', { ...header, typ: 'constructor' }],
    ...['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'cty', 'nonce'].map((name): [string, unknown] => [
      `a member ${name}`,
      { ...header, [name]: true },
    ]),
    ['a header that is an array', []],
    ['a header that is null', null],
    ['a header that is not JSON', '{'],
    ['white space in the header', JSON.stringify(header, null, 1)],
    ['a duplicate member', '{"alg":"EdDSA","alg":"EdDSA","kid":"key-1","typ":"bridge+jwt"}'],
    ['an escaped character', '{"alg":"\\u0045dDSA","kid":"key-1","typ":"bridge+jwt"}'],
    ['a byte order mark', `\ufeff${JSON.stringify(header)}`],
  ])('rejects %s', (_, first) => {
    expect(parseToken(token(first))).toBeUndefined()
  })

  test.each([
    ['nothing', ''],
    ['two parts', token().split('.').slice(0, 2).join('.')],
    ['four parts', `${token()}.c2ln`],
    ['five parts (encrypted)', `${token()}.c2ln.c2ln`],
    ['an empty signature', token(header, {}, '')],
    ['an empty payload', `${encode(header)}..c2ln`],
    ['padding', `${token()}=`],
    ['another encoding of the signature', token(header, {}, 'c2l')],
    ['plain base64', token(header, {}, 'c2+/')],
    ['a space before', ` ${token()}`],
    ['a line break after', `${token()}\n`],
    ['a payload with white space', token(header, '{ "sub": "a" }')],
    ['a payload with a duplicate claim', token(header, '{"sub":"a","sub":"b"}')],
    ['a payload that is not UTF-8', `${encode(header)}.${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.c2ln`],
  ])('rejects %s', (_, text) => {
    expect(parseToken(text)).toBeUndefined()
  })

  test('rejects anything longer than the longest token', () => {
    const padded = (length: number) => {
      const rest = length - token(header, '').length
      return `${encode(header)}.${encode(`"${'x'.repeat((rest / 4) * 3 - 2)}"`)}.c2ln`
    }
    const longest = 32_768 - ((32_768 - token(header, '').length) % 4)
    expect(padded(longest)).toHaveLength(longest)
    expect(parseToken(padded(longest))).toBeDefined()
    expect(parseToken(padded(longest + 4))).toBeUndefined()
  })

  test('changing one character of the header makes it another header or invalid', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const original = token()
    const length = encode(header).length
    fc.assert(
      fc.property(fc.nat(length - 1), fc.constantFrom(...letters), (at, letter) => {
        fc.pre(original[at] !== letter)
        const parsed = parseToken(original.slice(0, at) + letter + original.slice(at + 1))
        if (parsed) expect(parsed).not.toMatchObject({ kind: 'bridge', kid: 'key-1', alg: 'EdDSA' })
      }),
    )
  })

  test('never throws', () => {
    const part = fc.oneof(fc.string(), fc.string({ unit: 'binary' }).map(encode), fc.jsonValue().map(encode))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        expect(parseToken(parts.join('.'))).toBeUndefined()
      }),
    )
  })
})
