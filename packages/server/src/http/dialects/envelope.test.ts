import { type RefusalReason, reasons } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { HallpassError, type RefusalDetails } from '../../errors.js'
import { envelopeDialect } from './envelope.js'

const requestId = '01a1fd1e-8c00-7000-8000-000000000000'
const at = '2026-11-21T08:00:00.000Z'
const meta = `"meta":{"api_request_id":"${requestId}","api_request_timestamp":"${at}"}`

const refuse = (reason: RefusalReason, message: string, details?: RefusalDetails) =>
  envelopeDialect.refusal({ error: new HallpassError(reason, message, details), operation: undefined, requestId, at })

describe('the envelope dialect (Bridge API)', () => {
  test('a success contains data, meta and response_type', () => {
    const answer = { value: { bridge_token: 'jwt' }, requestId, answeredAt: at, replayed: false }
    expect(JSON.stringify(envelopeDialect.success(answer))).toBe(
      `{"data":{"bridge_token":"jwt"},${meta},"response_type":"object"}`,
    )
  })

  test('a refusal contains the problem twice, without items if there are none', () => {
    const problem = '{"status":404,"type":"/not_found","title":"Not Found","detail":"no such customer"}'
    expect(refuse('not_found', 'no such customer')).toEqual({
      body: `{"data":${problem},"error":${problem},${meta},"response_type":"error"}`,
      headers: { 'Content-Type': 'application/json' },
    })
  })

  test('a refusal lists each fault', () => {
    const items = [{ reference: 'config.processing_method', detail: 'must be one of inline, background, skip' }]
    const problem =
      '{"status":422,"type":"/validation_error","title":"Validation Failed","detail":"d","items":[' +
      '{"reference":"config.processing_method","detail":"must be one of inline, background, skip"}]}'
    expect(refuse('validation_failed', 'd', { items }).body).toBe(
      `{"data":${problem},"error":${problem},${meta},"response_type":"error"}`,
    )
  })

  test('a refusal never contains its cause', () => {
    expect(refuse('internal_error', 'sorry', { cause: new Error('SELECT secret') }).body).not.toContain('SELECT')
  })

  test.each<[RefusalReason, number, string, string]>([
    ['malformed_request', 400, '/bad_request', 'Bad Request'],
    ['invalid_header', 400, '/bad_request', 'Bad Request'],
    ['unauthenticated', 401, '/unauthorized', 'Unauthorized'],
    ['insufficient_scope', 403, '/forbidden', 'Forbidden'],
    ['not_found', 404, '/not_found', 'Not Found'],
    ['method_not_allowed', 405, '/method_not_allowed', 'Method Not Allowed'],
    ['idempotency_conflict', 409, '/conflict', 'Conflict'],
    ['idempotency_in_progress', 409, '/conflict', 'Conflict'],
    ['payload_too_large', 413, '/payload_too_large', 'Payload Too Large'],
    ['unsupported_media_type', 415, '/unsupported_media_type', 'Unsupported Media Type'],
    ['validation_failed', 422, '/validation_error', 'Validation Failed'],
    ['state_conflict', 422, '/validation_error', 'Validation Failed'],
    ['rate_limited', 429, '/rate_limited', 'Too Many Requests'],
    ['internal_error', 500, '/internal_error', 'Internal Server Error'],
    ['unavailable', 503, '/unavailable', 'Service Unavailable'],
  ])('%s is %d %s', (reason, status, type, title) => {
    expect(JSON.parse(refuse(reason, 'd').body).error).toEqual({ status, type, title, detail: 'd' })
  })

  test('every reason has a type and a title', () => {
    // the keys of the table are the reasons
    for (const reason of Object.keys(reasons) as RefusalReason[]) {
      expect(JSON.parse(refuse(reason, 'd').body).data).toMatchObject({
        type: expect.stringMatching(/^\/[a-z_]+$/),
        title: expect.stringMatching(/^[A-Z]/),
      })
    }
  })
})
