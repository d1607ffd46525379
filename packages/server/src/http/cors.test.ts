import { describe, expect, test } from 'vitest'
import { corsHeaders, preflightHeaders } from './cors.js'

const from = (...origins: string[]) => ({
  get: (name: string) => (name === 'origin' ? origins[0] : undefined),
  count: (name: string) => (name === 'origin' ? origins.length : 0),
})
const exposed = 'Retry-After, X-Error-Reason, RateLimit, RateLimit-Policy, Request-Id, Correlation-Id'

describe('corsHeaders', () => {
  test.each(['https://shop.example', 'http://localhost:3000', 'https://[::1]:8443', 'https://evil.example'])(
    'reflects any well-formed page: %s',
    (origin) => {
      expect(corsHeaders(from(origin))).toEqual({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': exposed,
      })
    },
  )

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
    ['chrome-extension://abcdef'],
    ['https://shop.example', 'https://shop.example'],
    ['https://shop.example', 'https://evil.example'],
  ])('says nothing to %j %s', (...origins) => {
    expect(corsHeaders(from(...origins))).toEqual({})
  })
})

describe('preflightHeaders', () => {
  test('tell a page what it may send, and never allow credentials', () => {
    expect(preflightHeaders(from('https://shop.example'), ['POST'])).toEqual({
      Vary: 'Origin',
      'Access-Control-Allow-Origin': 'https://shop.example',
      'Access-Control-Expose-Headers': exposed,
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Content-Type, trpc-accept, Request-Id, Correlation-Id, Hallpass-Sandbox-Fault',
      'Access-Control-Max-Age': '600',
    })
  })

  test.each([[], ['null'], ['https://a.example', 'https://b.example']])('tell %j %s nothing', (...origins) => {
    expect(preflightHeaders(from(...origins), ['POST'])).toEqual({ Vary: 'Origin' })
  })
})
