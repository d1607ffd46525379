import { describe, expect, test } from 'vitest'
import { bridgeInitialize } from './bridge.js'
import { cardWidgetToken } from './card.js'
import { encodeRequest } from './encode-request.js'
import { operations } from './operations.js'
import { tokensIntrospect } from './tokens.js'
import { visitorConfig } from './visitor-page.js'

describe('encodeRequest', () => {
  test('a JSON body', () => {
    expect(encodeRequest(bridgeInitialize, { customer_id: 'a', config: { processing_method: 'skip' } })).toEqual({
      method: 'POST',
      target: '/v1/bridge/initialize',
      contentType: 'application/json',
      body: '{"customer_id":"a","config":{"processing_method":"skip"}}',
    })
  })

  test('a form', () => {
    expect(encodeRequest(tokensIntrospect, { token: 'a+b/c=', token_type_hint: 'x y' })).toEqual({
      method: 'POST',
      target: '/oauth2/introspect',
      contentType: 'application/x-www-form-urlencoded',
      body: 'token=a%2Bb%2Fc%3D&token_type_hint=x+y',
    })
  })

  test('path and query, without a body if the operation ignores it', () => {
    expect(encodeRequest(cardWidgetToken, { card_id: '7d94', widget_type: 'REVEAL' })).toEqual({
      method: 'GET',
      target: '/v1/cards/7d94/widget_token?widget_type=REVEAL',
    })
  })

  test('path fields are not repeated in the body', () => {
    expect(encodeRequest(operations['admin.apiKeys.rotate'], { api_key_id: 'k', overlap_seconds: 0 })).toEqual({
      method: 'POST',
      target: '/v1/admin/api_keys/k/rotate',
      contentType: 'application/json',
      body: '{"overlap_seconds":0}',
    })
  })

  test.each([
    ['../../admin', '/v1/cards/..%2F..%2Fadmin/widget_token'],
    ['a?b#c', '/v1/cards/a%3Fb%23c/widget_token'],
    ['ä', '/v1/cards/%C3%A4/widget_token'],
  ])('the path field %j is escaped', (card_id, target) => {
    expect(encodeRequest(cardWidgetToken, { card_id }).target).toBe(target)
  })

  test('a query field is escaped', () => {
    expect(encodeRequest(visitorConfig, { client_key: 'a&b=c' }).target).toBe(
      '/api/v1/widget/config?client_key=a%26b%3Dc',
    )
  })

  test('an undefined field is not sent', () => {
    const { target } = encodeRequest(operations['admin.cards.list'], { cursor: undefined, limit: 5 })
    expect(target).toBe('/v1/admin/cards?limit=5')
  })

  test('an undefined form field is not sent', () => {
    expect(encodeRequest(tokensIntrospect, { token: 'a', token_type_hint: undefined }).body).toBe('token=a')
  })

  test('the input is not modified', () => {
    const input = Object.freeze({ card_id: 'a', widget_type: 'REVEAL' })
    encodeRequest(cardWidgetToken, input)
    expect(input).toEqual({ card_id: 'a', widget_type: 'REVEAL' })
  })

  test.each(Object.values(operations).map((operation) => [operation.id, operation] as const))(
    '%s: its path has no placeholder left',
    (_, operation) => {
      // the example of an operation is always an object
      const { target } = encodeRequest(operation, operation.example.input as Record<string, unknown>)
      expect(target).toMatch(/^\/[\w/?=.%-]+$/)
    },
  )
})
