import { describe, expect, test } from 'vitest'
import { corsHeaders, preflightHeaders } from './cors.js'

const from = (...origins: string[]) => ({
  get: (name: string) => (name === 'origin' ? origins[0] : undefined),
  count: (name: string) => (name === 'origin' ? origins.length : 0),
})
const asking = (names: string) => ({
  get: (name: string) => (name === 'origin' ? 'https://shop.example' : names),
  count: () => 1,
})
const vary = 'Origin, Access-Control-Request-Headers'
const alwaysAllowed = 'Content-Type, trpc-accept, Request-Id, Correlation-Id, Hallpass-Sandbox-Fault'
const exposed = 'Retry-After, X-Error-Reason, RateLimit, RateLimit-Policy, Request-Id, Correlation-Id'

describe('corsHeaders', () => {
  test.each([
    'https://shop.example',
    'http://localhost:3000',
    'https://[::1]:8443',
    'https://evil.example',
    'capacitor://localhost',
  ])('reflects any well-formed page: %s', (origin) => {
    expect(corsHeaders(from(origin))).toEqual({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': exposed,
    })
  })

  test.each([
    [],
    ['null'],
    ['*'],
    [''],
    ['https://shop.example/'],
    ['https://SHOP.example'],
    ['https://shop.example https://evil.example'],
    ['https://shop.example, https://evil.example'],
    ['https://user@shop.example'],
    ['file://'],
    ['ftp://shop.example'],
    ['capacitor://localhost/'],
    ['https://shop.example', 'https://shop.example'],
    ['https://shop.example', 'https://evil.example'],
  ])('sends no header to %j %s', (...origins) => {
    expect(corsHeaders(from(...origins))).toEqual({})
  })
})

describe('preflightHeaders', () => {
  test('list what a page may send, and never allow credentials', () => {
    expect(preflightHeaders(from('https://shop.example'), ['POST'])).toEqual({
      Vary: vary,
      'Access-Control-Allow-Origin': 'https://shop.example',
      'Access-Control-Expose-Headers': exposed,
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': alwaysAllowed,
      'Access-Control-Max-Age': '600',
    })
  })

  test.each([[], ['null'], ['https://a.example', 'https://b.example']])('send no header to %j %s', (...origins) => {
    expect(preflightHeaders(from(...origins), ['POST'])).toEqual({ Vary: vary })
  })

  test.each([
    ['traceparent', ', traceparent'],
    ['content-type,sentry-trace, baggage', ', sentry-trace, baggage'],
    ['X-trpc-source , x-trpc-source', ', X-trpc-source, x-trpc-source'],
    ['', ''],
    ['a b, c\r\nd, é, x:y', ''],
    ['*', ''],
    [`x-${'a'.repeat(1_000)}`, ''],
  ])('allows the headers that a page asks for: %j', (names, added) => {
    expect(preflightHeaders(asking(names), ['POST'])['Access-Control-Allow-Headers']).toBe(alwaysAllowed + added)
  })
})
