import { type RefusalReason, refusalReasons } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { HallpassError, type RefusalDetails } from '../../errors.js'
import { codeDialect } from './code.js'

const refuse = (reason: RefusalReason, message: string, details?: RefusalDetails) =>
  codeDialect.refusal({
    error: new HallpassError(reason, message, { ...details, dialect: 'code' }),
    operation: undefined,
    requestId: 'r',
    at: '2026-11-21T08:00:00.000Z',
  })

describe('the code dialect (Card API)', () => {
  test('a success is the bare value', () => {
    const value = { tenant: '2_3', widget_token: 't' }
    expect(codeDialect.success({ value, requestId: 'r', answeredAt: 'a', replayed: true })).toBe(value)
  })

  test('a refusal contains code, detail and status', () => {
    expect(refuse('not_found', 'no such card in this account')).toEqual({
      body: '{"code":"RESOURCE_NOT_FOUND","detail":"no such card in this account","status":404}',
      headers: { 'Content-Type': 'application/json' },
    })
  })

  test('a state_conflict lists the valid statuses', () => {
    expect(refuse('state_conflict', 'the card is ACTIVE', { valid_status: ['UNACTIVATED'] }).body).toBe(
      '{"code":"INVALID_STATUS","detail":"the card is ACTIVE","status":422,"valid_status":["UNACTIVATED"]}',
    )
  })

  test('rate_limited says how long to wait', () => {
    expect(refuse('rate_limited', 'slow down', { retryAfter: 3 }).body).toBe(
      '{"code":"TOO_MANY_REQUESTS","detail":"slow down","status":429,"retry_after":3}',
    )
  })

  test('no other reason says how long to wait', () => {
    expect(refuse('unavailable', 'try again', { retryAfter: 1 }).body).toBe(
      '{"code":"UNAVAILABLE","detail":"try again","status":503}',
    )
  })

  test.each<[RefusalReason, string, number]>([
    ['invalid_query_parameter', 'BAD_QUERY_PARAMETER', 400],
    ['invalid_path_parameter', 'BAD_REQUEST', 400],
    ['invalid_header', 'BAD_REQUEST', 400],
    ['malformed_request', 'BAD_REQUEST', 400],
    ['unauthenticated', 'UNAUTHENTICATED', 401],
    ['insufficient_scope', 'FORBIDDEN', 403],
    ['not_found', 'RESOURCE_NOT_FOUND', 404],
    ['method_not_allowed', 'METHOD_NOT_ALLOWED', 405],
    ['payload_too_large', 'PAYLOAD_TOO_LARGE', 413],
    ['unsupported_media_type', 'UNSUPPORTED_MEDIA_TYPE', 415],
    ['state_conflict', 'INVALID_STATUS', 422],
    ['idempotency_conflict', 'IDEMPOTENCY_INVALID_REUSE', 422],
    ['idempotency_in_progress', 'IDEMPOTENCY_CONCURRENT_USE', 422],
    ['token_already_used', 'TOKEN_ALREADY_USED', 422],
    ['token_expired', 'TOKEN_EXPIRED', 422],
    ['token_revoked', 'TOKEN_REVOKED', 422],
    ['token_wrong_widget_type', 'TOKEN_WRONG_WIDGET_TYPE', 422],
    ['token_wrong_resource', 'TOKEN_WRONG_RESOURCE', 422],
    ['token_action_not_allowed', 'TOKEN_ACTION_NOT_ALLOWED', 422],
    ['rate_limited', 'TOO_MANY_REQUESTS', 429],
    ['internal_error', 'INTERNAL_ERROR', 500],
    ['unavailable', 'UNAVAILABLE', 503],
  ])('%s is %s', (reason, code, status) => {
    expect(JSON.parse(refuse(reason, 'd').body)).toMatchObject({ code, status, detail: 'd' })
  })

  test('every reason has a code', () => {
    for (const reason of refusalReasons) {
      expect(JSON.parse(refuse(reason, 'd').body).code).toMatch(/^[A-Z_]+$/)
    }
  })
})
