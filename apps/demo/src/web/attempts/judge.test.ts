import { describe, expect, test } from 'vitest'
import type { ShownCall } from '../flow/exchange.js'
import { judge } from './judge.js'

const asked: ShownCall = {
  ...{ id: '1', from: 'backend', to: 'hallpass', startedAt: 0, milliseconds: 1, method: 'POST', path: '/trpc/x' },
  request: { headers: {} },
}
const answered = (status: number, body?: unknown, headers = {}): ShownCall => ({
  ...asked,
  status,
  response: { headers, body },
})
const refused = (status: number, reason: string) => answered(status, { error: { data: { reason } } })

describe('an attempt', () => {
  test.each([
    ['its reason over tRPC', refused(422, 'token_already_used'), 'token_already_used'],
    [
      'its reason over REST',
      answered(403, 'Origin not in allowlist', { 'x-error-reason': 'origin_not_allowed' }),
      'origin_not_allowed',
    ],
    ['an inactive introspection', answered(200, { result: { data: { active: false } } }), 'inactive'],
  ] as const)('is stopped by %s', (_, call, control) => {
    expect(judge(call, control)).toBe('stopped')
  })

  test.each([
    ['no response', asked, 'not_found'],
    ['a rate limit', refused(429, 'rate_limited'), 'token_already_used'],
    ['an unavailable database', refused(503, 'unavailable'), 'inactive'],
    ['a proxy error', answered(502, 'Bad Gateway'), 'invalid_token'],
  ] as const)('is inconclusive if %s precedes the control', (_, call, control) => {
    expect(judge(call, control)).toBe('inconclusive')
  })

  test.each([
    ['a successful response', answered(200, { result: { data: {} } }), 'not_found'],
    ['an active token', answered(200, { result: { data: { active: true } } }), 'inactive'],
  ] as const)('gets through with %s', (_, call, control) => {
    expect(judge(call, control)).toBe('passed')
  })
})
