import { describe, expect, test } from 'vitest'
import { withServer } from './support/servers/with-server.js'

const server = withServer()
const id = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const send = (method: string, path: string) => fetch(`${server.url}${path}`, { method })

describe('an operation of the Straddle API that Hallpass does not have', () => {
  test.each([
    ['POST', '/v1/customers', 'Use POST /v1/admin/customers.'],
    ['GET', `/v1/customers/${id}`, 'Use GET /v1/admin/customers'],
    ['PATCH', `/v1/customers/${id}/review`, 'Set the status with POST /v1/admin/customers.'],
    ['GET', '/v1/accounts', '/v1/admin/accounts'],
    ['POST', '/v1/bridge/plaid', 'POST /v1/bridge/initialize returns a token'],
    ['GET', `/v1/paykeys/${id}`, "Straddle's API"],
    ['PUT', `/v1/charges/${id}/hold`, "Straddle's API"],
    ['POST', '/v1/payouts?x=1', "Straddle's API"],
  ])('404 for %s %s in its error shape, with what to use instead', async (method, path, hint) => {
    const response = await send(method, path)
    const body = await response.json()
    const problem = { status: 404, type: '/not_found', title: 'Not Found', detail: expect.stringContaining(hint) }
    expect([response.status, body]).toEqual([
      404,
      { data: problem, error: problem, meta: expect.any(Object), response_type: 'error' },
    ])
  })
})

describe('an operation of the Synctera API that Hallpass does not have', () => {
  test.each([
    ['POST', '/v0/cards/single_use_token', 'Use GET /v1/cards/{card_id}/widget_token?widget_type=…'],
    ['POST', `/v1/cards/${id}/client_token`, 'one-time token for one card'],
    ['GET', '/cards/card_widget_url', 'one-time token for one card'],
    ['GET', `/v0/cards/${id}/widget_token`, 'Use GET /v1/cards/{card_id}/widget_token'],
    ['POST', '/v1/cards/activate', '?widget_type=ACTIVATE'],
    ['PUT', `/v1/cards/${id}/pin`, '?widget_type=SET_PIN'],
    ['GET', `/v1/cards/${id}`, '/v1/admin/cards'],
    ['GET', '/v0/cards/products', "Synctera's API"],
  ])('404 for %s %s in its error shape, with what to use instead', async (method, path, hint) => {
    const response = await send(method, path)
    const detail = expect.stringContaining(hint)
    expect([response.status, await response.json()]).toEqual([404, { code: 'RESOURCE_NOT_FOUND', status: 404, detail }])
  })
})

test.each([
  ['GET', '/v1/customers/a/b/c'],
  ['DELETE', '/v1/cards'],
  ['GET', '/v1/admin/charges'],
  ['GET', '/v2/cards'],
])('404 without a hint for %s %s, which is in neither API', async (method, path) => {
  expect(await (await send(method, path)).json()).toMatchObject({ detail: 'There is nothing at this path.' })
})

test('405 for another method of an operation that Hallpass has', async () => {
  const response = await send('DELETE', `/v1/cards/${id}/widget_token`)
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST'])
})
