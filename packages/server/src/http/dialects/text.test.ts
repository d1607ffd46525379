import { type Operation, operations, type RefusalReason } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { HallpassError, type RefusalDetails } from '../../errors.js'
import { textDialect } from './text.js'

const refuse = (operation: Operation | undefined, reason: RefusalReason, message: string, details?: RefusalDetails) =>
  textDialect.refusal({ error: new HallpassError(reason, message, details), operation, requestId: 'r', at: 'a' })

describe('the text dialect (Visitor API)', () => {
  test('a success is the bare value', () => {
    const value = { token: 'jwt' }
    expect(textDialect.success({ value, requestId: 'r', answeredAt: 'a', replayed: false })).toBe(value)
  })

  test('a refusal is the documented phrase, with its reason in a header', () => {
    expect(refuse(operations['visitor.guest'], 'missing_field', 'our own words')).toEqual({
      body: 'Missing client_key',
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Error-Reason': 'missing_field' },
    })
  })

  test.each<[keyof typeof operations, RefusalReason, string]>([
    ['visitor.guest', 'malformed_request', 'Missing client_key'],
    ['visitor.guest', 'origin_not_allowed', 'Origin not in allowlist for this client_key'],
    ['visitor.userToken', 'malformed_request', 'Missing client_key or user_id'],
    ['visitor.userToken', 'missing_field', 'Missing client_key or user_id'],
    ['visitor.userToken', 'unauthenticated', 'Missing or invalid API key'],
    ['visitor.userToken', 'client_key_not_available', 'client_key is not available to this API key'],
    ['visitor.exchange', 'missing_field', 'Missing or expired token'],
    ['visitor.exchange', 'invalid_token', 'Missing or expired token'],
    ['visitor.exchange', 'client_key_mismatch', 'Missing or expired token'],
    ['visitor.exchange', 'origin_not_allowed', 'Origin not in allowlist for this client_key'],
    ['visitor.refresh', 'invalid_token', 'Missing or expired refresh_token'],
    ['visitor.refresh', 'missing_field', 'Missing or expired refresh_token'],
    ['visitor.config', 'missing_field', 'Missing client_key'],
    ['visitor.config', 'origin_not_allowed', 'Origin not in allowlist'],
    ['visitor.embedTicket', 'origin_not_allowed', 'Origin not in allowlist for this client_key'],
  ])('%s, %s: %s', (id, reason, phrase) => {
    expect(refuse(operations[id], reason, 'our own words').body).toBe(phrase)
  })

  test('a fault names its field', () => {
    const items = [
      { reference: 'email', detail: 'must be an e-mail address' },
      { reference: 'x', detail: 'is not a known field' },
    ]
    expect(refuse(operations['visitor.userToken'], 'validation_failed', 'm', { items }).body).toBe(
      'Invalid email: must be an e-mail address',
    )
  })

  test.each<[RefusalDetails | undefined]>([[undefined], [{ items: [] }], [{ items: [{ detail: 'd' }] }]])(
    'without a named field, the body is the message: %j',
    (details) => {
      expect(refuse(operations['visitor.guest'], 'invalid_header', 'the message', details).body).toBe('the message')
    },
  )

  test('without an operation, the body is the message', () => {
    expect(refuse(undefined, 'not_found', 'There is nothing here.').body).toBe('There is nothing here.')
  })
})
