import { operations } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import type { RequestHeaders } from './call.js'
import { actingAccountId, readHeaders, sentKey, singleHeader } from './request-headers.js'

/** Headers as a transport passes them on. A list is a header that was sent more than once. */
const headersOf = (sent: Record<string, string | readonly string[]>): RequestHeaders => {
  const values = new Map(
    Object.entries(sent).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
  )
  return { get: (name) => values.get(name)?.[0], count: (name) => values.get(name)?.length ?? 0 }
}
const invalid = (name: string) => ({
  reason: 'invalid_header',
  message: `The ${name} header value is not valid.`,
  details: { items: [{ detail: `The ${name} header value is not valid.` }] },
})
const invalidKey = (id: keyof typeof operations) => ({
  ...invalid('Idempotency-Key'),
  message: `The Idempotency-Key header must be ${id === 'bridge.initialize' ? '10 to 40' : '1 to 255'} printable ASCII characters.`,
})
const twice = (name: string) => ({ reason: 'invalid_header', message: `The ${name} header must be sent once.` })
const refusalOf = (run: () => unknown) => {
  try {
    return { value: run() }
  } catch (error) {
    return error
  }
}

describe('the secret key', () => {
  test.each([
    ['Bearer sk_test_acme', 'sk_test_acme'],
    ['bearer sk_test_acme', 'sk_test_acme'],
    ['BEARER sk_test_acme', 'sk_test_acme'],
    ['Bearer My API Key', 'My API Key'],
    ['Bearer  two spaces', ' two spaces'],
    ['Bearer ', ''],
    ['Bearer', undefined],
    ['Bearersk_test_acme', undefined],
    ['Basic c2s6', undefined],
    ['sk_test_acme', undefined],
    ['x Bearer sk_test_acme', undefined],
    ['', undefined],
  ])('in %j is %j', (authorization, expected) => {
    expect(sentKey(headersOf({ authorization }), {})).toEqual({ scheme: 'Bearer', secret: expected })
  })

  test('is absent without a header, and 400 if it is sent twice', () => {
    expect(sentKey(headersOf({}), {}).secret).toBeUndefined()
    const two = headersOf({ authorization: ['Bearer a', 'Bearer a'] })
    expect(refusalOf(() => sentKey(two, {}))).toMatchObject(twice('Authorization'))
    expect(refusalOf(() => sentKey(two, { basic: true }))).toMatchObject(twice('Authorization'))
  })

  const base64 = (pair: string) => Buffer.from(pair).toString('base64')
  test.each([
    // RFC 7617 section 2
    ['Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'open sesame'],
    // RFC 7617 section 2.1
    ['Basic dGVzdDoxMjPCow==', '123£'],
    // RFC 6749 section 2.3.1
    ['Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3', '7Fjfp0ZBr1KtDRbnfVdmIw'],
    [`basic ${base64('backend:sk_test_acme')}`, 'sk_test_acme'],
    [`BASIC   ${base64(':sk_test_acme')}`, 'sk_test_acme'],
    [`Basic ${base64('backend:My+API+Key')}`, 'My API Key'],
    [`Basic ${base64('backend:My%20API%20Key')}`, 'My API Key'],
    [`Basic ${base64('backend:a:b')}`, 'a:b'],
    [`Basic ${base64('backend:100%')}`, '100%'],
    [`Basic ${base64('backend:')}`, ''],
    [`Basic ${base64('backend')}`, undefined],
    ['Basic ', undefined],
    ['Basic not base64', undefined],
    ['Basic QWxh=ZGRpbjpvcGVu', undefined],
  ])('as the password of HTTP Basic in %j is %j', (authorization, secret) => {
    expect(sentKey(headersOf({ authorization }), { basic: true })).toEqual({ scheme: 'Basic', secret })
  })

  test('is still accepted as Bearer where Basic is', () => {
    const headers = headersOf({ authorization: 'Bearer sk_test_acme' })
    expect(sentKey(headers, { basic: true })).toEqual({ scheme: 'Bearer', secret: 'sk_test_acme' })
  })
})

describe('Straddle-Account-Id', () => {
  const read = (value: string | readonly string[]) =>
    refusalOf(() => actingAccountId(headersOf({ 'straddle-account-id': value })))

  test('is a UUID, converted to lower case', () => {
    expect(actingAccountId(headersOf({}))).toBeUndefined()
    expect(read('0F9B0F9B-0F9B-4F9B-8F9B-0F9B0F9B0F9B')).toEqual({ value: '0f9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b' })
  })

  test.each(['', 'acme', '0f9b0f9b0f9b4f9b8f9b0f9b0f9b0f9b', '0f9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b, x'])(
    '400 for %j',
    (value) => {
      expect(read(value)).toMatchObject(invalid('Straddle-Account-Id'))
    },
  )

  test('400 if it is sent twice', () => {
    expect(read(['a', 'b'])).toMatchObject(twice('Straddle-Account-Id'))
  })
})

describe.each(['Request-Id', 'Correlation-Id'])('%s', (name) => {
  const read = (value: string | readonly string[]) =>
    refusalOf(() => readHeaders(operations['visitor.guest'], headersOf({ [name.toLowerCase()]: value })))

  test.each(['correlationId', 'x'.repeat(200), 'any free text, é too', ''])('%j is free text', (value) => {
    expect(read(value)).toEqual({ value: { idempotencyKey: undefined } })
  })

  test.each(['x'.repeat(201), 'a\tb', 'a\u0000b', 'a\u007fb'])('400 for %j', (value) => {
    expect(read(value)).toMatchObject(invalid(name))
  })

  test('400 if it is sent twice', () => {
    expect(read(['a', 'a'])).toMatchObject(twice(name))
  })
})

describe('Idempotency-Key', () => {
  const read = (id: keyof typeof operations, value: string | readonly string[]) =>
    refusalOf(() => readHeaders(operations[id], headersOf({ 'idempotency-key': value })))

  test.each([
    ['bridge.initialize', '0123456789', true],
    ['bridge.initialize', '012345678', false],
    ['bridge.initialize', 'x'.repeat(41), false],
    ['bridge.initialize', 'my key é 12', false],
    ['card.widgetToken', 'x', true],
    ['card.widgetToken', 'x'.repeat(255), true],
    ['card.widgetToken', 'x'.repeat(256), false],
    ['card.widgetToken', '', false],
    ['tokens.redeem', 'any text', true],
  ] as const)('of %s: %j: %s', (id, value, expected) => {
    if (expected) expect(read(id, value)).toEqual({ value: { idempotencyKey: value } })
    else expect(read(id, value)).toMatchObject(invalidKey(id))
  })

  test('is absent without a header', () => {
    expect(readHeaders(operations['bridge.initialize'], headersOf({}))).toEqual({ idempotencyKey: undefined })
  })

  test('400 if it is sent twice', () => {
    expect(read('bridge.initialize', ['0123456789', '0123456789'])).toMatchObject(invalidKey('bridge.initialize'))
  })

  test('is ignored if the operation has no idempotency', () => {
    expect(read('visitor.guest', ['', ''])).toEqual({ value: { idempotencyKey: undefined } })
  })
})

test('singleHeader looks up names in lower case', () => {
  expect(singleHeader(headersOf({ origin: 'https://shop.example' }), 'Origin')).toBe('https://shop.example')
})

test("a second Origin is refused even if the first isn't needed", () => {
  const one = headersOf({ origin: 'https://shop.example' })
  for (const id of ['bridge.initialize', 'visitor.guest'] as const) readHeaders(operations[id], one)
  const two = headersOf({ origin: ['https://shop.example', 'https://shop.example'] })
  expect(refusalOf(() => readHeaders(operations['bridge.initialize'], two))).toMatchObject(twice('Origin'))
  expect(refusalOf(() => readHeaders(operations['visitor.guest'], two))).toMatchObject({ reason: 'origin_not_allowed' })
})
