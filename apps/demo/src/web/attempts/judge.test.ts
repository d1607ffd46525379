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
    ['its reason, from tRPC', refused(422, 'token_already_used'), 'token_already_used'],
    [
      'its reason, from a door for pages',
      answered(403, 'Origin not in allowlist', { 'x-error-reason': 'origin_not_allowed' }),
      'origin_not_allowed',
    ],
    ['an introspection that says no', answered(200, { result: { data: { active: false } } }), 'inactive'],
  ] as const)('is stopped by %s', (_, call, control) => {
    expect(judge(call, control)).toBe('stopped')
  })

  test.each([
    ['no answer', asked, 'not_found'],
    ['a limit', refused(429, 'rate_limited'), 'token_already_used'],
    ['a database that is away', refused(503, 'unavailable'), 'inactive'],
    ['a proxy', answered(502, 'Bad Gateway'), 'invalid_token'],
  ] as const)('is untried when %s comes before the control', (_, call, control) => {
    expect(judge(call, control)).toBe('untried')
  })

  test.each([
    ['an answer', answered(200, { result: { data: {} } }), 'not_found'],
    ['an active token', answered(200, { result: { data: { active: true } } }), 'inactive'],
  ] as const)('got through with %s', (_, call, control) => {
    expect(judge(call, control)).toBe('passed')
  })
})
