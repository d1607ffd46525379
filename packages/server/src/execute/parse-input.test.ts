import { type OperationId, operations } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { parseInput, requireFields } from './parse-input.js'

const customer_id = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const card_id = '7d943c51-e4ff-4e57-9558-08cab6b963c7'
const refusalOf = (run: () => unknown) => {
  try {
    return { value: run() }
  } catch (error) {
    return error
  }
}

describe('requireFields', () => {
  const require = (id: OperationId, input: unknown) => refusalOf(() => requireFields(operations[id], input))

  test.each<[OperationId, unknown, string]>([
    ['visitor.guest', {}, 'client_key is required.'],
    ['visitor.guest', { client_key: '' }, 'client_key is required.'],
    ['visitor.guest', { client_key: 7 }, 'client_key is required.'],
    ['visitor.guest', { client_key: null }, 'client_key is required.'],
    ['visitor.guest', { client_key: ['pk'] }, 'client_key is required.'],
    ['visitor.guest', undefined, 'client_key is required.'],
    ['visitor.guest', null, 'client_key is required.'],
    ['visitor.guest', 'pk_test_acme', 'client_key is required.'],
    ['visitor.guest', [{ client_key: 'pk' }], 'client_key is required.'],
    ['visitor.userToken', { user_id: 'u' }, 'client_key is required.'],
    ['visitor.userToken', { client_key: 'pk' }, 'user_id is required.'],
    ['visitor.exchange', { session_token: 's' }, 'token is required.'],
    ['visitor.refresh', {}, 'refresh_token is required.'],
    ['visitor.config', {}, 'client_key is required.'],
    ['visitor.guest', JSON.parse('{"__proto__":{"client_key":"pk"}}'), 'client_key is required.'],
  ])('%s with %j: missing_field', (id, input, message) => {
    expect(require(id, input)).toMatchObject({ reason: 'missing_field', message })
  })

  test.each<[OperationId, unknown]>([
    ['visitor.userToken', { client_key: 'pk', external_user_id: 'u' }],
    ['visitor.exchange', { user_token: 't' }],
    ['visitor.guest', { client_key: 'pk', anything: 'else' }],
    ['bridge.initialize', {}],
  ])('%s with %j: returned unchanged', (id, input) => {
    expect(require(id, input)).toEqual({ value: input })
  })

  test("an input that isn't an object becomes an empty object if nothing is required", () => {
    expect(require('bridge.initialize', undefined)).toEqual({ value: {} })
  })
})

describe('parseInput', () => {
  const parse = (id: OperationId, input: unknown) => refusalOf(() => parseInput(operations[id], input))

  test('gives the parsed input', () => {
    expect(parse('bridge.initialize', { customer_id: customer_id.toUpperCase() })).toEqual({
      value: { customer_id, config: { processing_method: 'inline' } },
    })
  })

  test.each<[OperationId, unknown, string, string]>([
    ['bridge.initialize', {}, 'validation_failed', 'customer_id is required.'],
    ['bridge.initialize', [], 'validation_failed', 'The request must be an object.'],
    // its length can't be compared with a number
    [
      'admin.apiKeys.disable',
      { api_key_id: { length: { toString: 0 } } },
      'validation_failed',
      'The request is not valid.',
    ],
    ['bridge.initialize', { customer_id, x: 1 }, 'validation_failed', 'x is not a known field.'],
    ['visitor.config', { client_key: 'pk', x: 1 }, 'validation_failed', 'x is not a known field.'],
    ['visitor.config', { client_key: 'a\u0000' }, 'validation_failed', 'client_key must not contain NUL.'],
    ['card.widgetToken', { card_id: 'x', widget_type: 'REVEAL' }, 'invalid_path_parameter', 'card_id must be a UUID.'],
    ['card.widgetToken', { card_id: 'x', widget_type: 'x' }, 'invalid_path_parameter', 'card_id must be a UUID.'],
    [
      'card.widgetToken',
      { card_id },
      'invalid_query_parameter',
      'widget_type must be one of ACTIVATE, GET_PIN, REVEAL, SET_PIN.',
    ],
    [
      'card.widgetToken',
      { card_id, widget_type: ['REVEAL', 'REVEAL'] },
      'invalid_query_parameter',
      'widget_type must be one of ACTIVATE, GET_PIN, REVEAL, SET_PIN.',
    ],
    ['admin.cards.get', { card_id: 'x' }, 'invalid_path_parameter', 'card_id must be a UUID.'],
    ['admin.cards.list', { limit: '0' }, 'invalid_query_parameter', 'limit must be at least 1.'],
    [
      'tokens.redeem',
      { widget_token: 't' },
      'validation_failed',
      'widget_type must be one of ACTIVATE, GET_PIN, REVEAL, SET_PIN.',
    ],
    ['tokens.introspect', {}, 'malformed_request', 'token is required.'],
    ['tokens.introspect', { token: ['a', 'b'] }, 'malformed_request', 'token must be given once.'],
    ['tokens.introspect', { token: '' }, 'malformed_request', 'token must not be empty.'],
    [
      'tokens.revoke',
      { token: 't', token_type_hint: ['a', 'b'] },
      'malformed_request',
      'token_type_hint must be given at most once.',
    ],
  ])('%s with %j: %s', (id, input, reason, message) => {
    expect(parse(id, input)).toMatchObject({ reason, message })
  })

  test('reports every fault with its path', () => {
    const input = { customer_id: 'x', config: { processing_method: 'fast' }, y: 1 }
    expect(parse('bridge.initialize', input)).toMatchObject({
      reason: 'validation_failed',
      details: {
        items: [
          { reference: 'customer_id', detail: 'must be a UUID' },
          { reference: 'config.processing_method', detail: 'must be one of inline, background, skip' },
          { reference: 'y', detail: 'is not a known field' },
        ],
      },
    })
  })
})
