import { describe, expect, test } from 'vitest'
import { explainQuota } from './explain.js'

describe('the explanation of a 429', () => {
  test('names what the limit applies to, and the setting that changes it', () => {
    const quota = { limit: 3, windowSeconds: 60 }
    expect(explainQuota({ ...quota, of: 'client_key' })).toEqual({
      rule: 'All callers of a client key together may make 3 calls in 60 s.',
      seen: 'one call more than that',
      fix: 'Wait for the time in Retry-After, or raise rate_limit.guest_per_minute_total of the client key.',
    })
    const settings = (['account', 'secret_key', 'address', 'client_key'] as const).map(
      (of) => /rate_limit\.(\w+)/.exec(explainQuota({ ...quota, of }).fix ?? '')?.[1],
    )
    expect(settings).toEqual([
      'requests_per_second',
      'requests_per_second_per_key',
      'guest_per_minute',
      'guest_per_minute_total',
    ])
  })

  test('for wrong credentials, names a proxy that is not trusted', () => {
    const { rule, fix } = explainQuota({ limit: 60, windowSeconds: 60, of: 'failures' })
    expect(rule).toBe('One address may send 60 wrong credentials a minute.')
    expect(fix).toContain('the server is behind a proxy: set --trust-proxy')
  })
})
