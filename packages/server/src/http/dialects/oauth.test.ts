import type { RefusalReason } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { HallpassError } from '../../errors.js'
import { oauthDialect } from './oauth.js'

const refuse = (reason: RefusalReason, message: string) =>
  oauthDialect.refusal({ error: new HallpassError(reason, message), operation: undefined, requestId: 'r', at: 'a' })

describe('the dialect of RFC 6749', () => {
  test('a success is the bare value', () => {
    const value = { active: false }
    expect(oauthDialect.success({ value, requestId: 'r', answeredAt: 'a', replayed: false })).toBe(value)
  })

  test('a refusal contains error and error_description', () => {
    expect(refuse('malformed_request', 'token must be given once.')).toEqual({
      body: '{"error":"invalid_request","error_description":"token must be given once."}',
      headers: { 'Content-Type': 'application/json' },
    })
  })

  test.each<[RefusalReason, string]>([
    ['malformed_request', 'invalid_request'],
    ['invalid_header', 'invalid_request'],
    ['unauthenticated', 'invalid_client'],
    ['insufficient_scope', 'insufficient_scope'],
    ['not_found', 'invalid_request'],
    ['method_not_allowed', 'invalid_request'],
    ['payload_too_large', 'invalid_request'],
    ['unsupported_media_type', 'invalid_request'],
    ['rate_limited', 'temporarily_unavailable'],
    ['internal_error', 'server_error'],
    ['unavailable', 'temporarily_unavailable'],
  ])('%s is %s', (reason, error) => {
    expect(refuse(reason, 'd').body).toBe(`{"error":"${error}","error_description":"d"}`)
  })
})
