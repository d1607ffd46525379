import { operations } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import {
  endpoints,
  type HeaderList,
  headersFor,
  named,
  requestToChange,
  sendChanged,
  titled,
  validRequest,
  withoutHeader,
} from './support/http/endpoints.js'
import { sendRaw } from './support/http/raw-http.js'
import { expectRefusal } from './support/http/refusal-shape.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterAll(async () => {
  for (const operation of endpoints) {
    const response = await sendRaw(server.url, await validRequest(server, operation))
    expect(response.status, `${operation.id} still works`).toBe(200)
  }
  await server.stop()
})

const tracing: HeaderList = [['Request-Id', 'hostile request']]
const someUuid = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'

describe.each(named(endpoints))('%s, with a repeated header', (_id, operation) => {
  const twice = async (name: string, values: readonly [string, string]) => {
    const { headers } = await requestToChange(server, operation)
    const list: HeaderList = [...withoutHeader(headers, name), [name, values[0]], [name, values[1]]]
    return sendChanged(server, operation, { headers: list })
  }
  const byKey = operation.caller.by === 'secret_key'
  const key = Object.fromEntries(headersFor(operation)).Authorization ?? ''

  test.each([
    ['Request-Id', ['a', 'a']],
    ['Correlation-Id', ['a', 'b']],
    ...(byKey
      ? ([
          ['Authorization', [key, key]],
          ['Straddle-Account-Id', [acme.account, acme.account]],
        ] as const)
      : []),
    ...(operation.idempotency ? ([['Idempotency-Key', ['one and one', 'one and one']]] as const) : []),
    ...(operation.body === 'ignored' ? [] : ([['Content-Type', ['application/json', 'application/json']]] as const)),
  ] as const)('400 for %s', async (name, values) => {
    const response = await twice(name, values)
    expectRefusal(operation.dialect, response, 400)
    if (operation.dialect === 'text') expect(response.headers.get('x-error-reason')).toBe('invalid_header')
    if (operation.dialect === 'envelope' && name === 'Idempotency-Key') {
      const items = [{ detail: 'The Idempotency-Key header value is not valid.' }]
      expect(JSON.parse(response.body).error.items).toEqual(items)
    }
  })

  if (operation.dialect === 'text') {
    test('403 for an Origin, even an allowed one, and no CORS headers', async () => {
      const response = await twice('Origin', [acme.origin, acme.origin])
      expectRefusal(operation.dialect, response, 403)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    })
  }

  test('is refused without each header that it requires', async () => {
    const { headers } = await requestToChange(server, operation)
    const without = async (name: string) => sendChanged(server, operation, { headers: withoutHeader(headers, name) })
    if (byKey) expectRefusal(operation.dialect, await without('Authorization'), 401)
    if (operation.caller.by === 'client_key') expectRefusal(operation.dialect, await without('Origin'), 403)
    if (operation.body !== 'ignored') expectRefusal(operation.dialect, await without('Content-Type'), 415)
  })

  if (!byKey) return
  test('401 for every other notation of a credential', async () => {
    for (const value of [
      '',
      'Bearer',
      'Bearer ',
      `Basic ${key}`,
      key.slice(7),
      `Token ${key}`,
      `${key} x`,
      `Bearer\t${key.slice(7)}`,
      `Bearer ${'x'.repeat(5000)}`,
      'Bearer \u00ff',
      'Bearer %00',
    ]) {
      const { headers } = await requestToChange(server, operation)
      const response = await sendChanged(server, operation, {
        headers: [...withoutHeader(headers, 'Authorization'), ['Authorization', value]],
      })
      expectRefusal(operation.dialect, response, 401)
    }
  })
})

describe('an invalid card id', () => {
  const call = (id: string) =>
    sendRaw(server.url, {
      method: 'GET',
      target: `/v1/cards/${id}/widget_token?widget_type=REVEAL`,
      headers: [...tracing, ...headersFor(operations['card.widgetToken'])],
    })
  test.each(
    titled([
      '%zz',
      '%',
      '%00',
      '%2F',
      '..',
      '%2e%2e',
      'null',
      '%F0%9F%8E%AB',
      `${someUuid}%00`,
      `${someUuid}%20`,
      'a'.repeat(10_000),
      `{${someUuid}}`,
      '-1',
      "'%20OR%201=1--",
    ]),
  )('400 BAD_REQUEST for %s', async (_title, id) => {
    const response = await call(id)
    expectRefusal('code', response, id === '..' ? [400, 404] : 400)
    if (response.status === 400) expect(JSON.parse(response.body).code).toBe('BAD_REQUEST')
    expect(response.headers.get('request-id')).toBe('hostile request')
  })

  test.each([
    '',
    '?',
    '?widget_type',
    '?widget_type=',
    '?widget_type=reveal',
    '?widget_type=REVEAL&widget_type=REVEAL',
    '?widget_type[]=REVEAL',
    '?widget_type=%zz',
    '?widget_type=%00',
    '?__proto__=REVEAL',
  ])('400 BAD_QUERY_PARAMETER for the query %s', async (query) => {
    const target = `/v1/cards/${acme.activeCard}/widget_token${query}`
    const response = await sendRaw(server.url, {
      method: 'GET',
      target,
      headers: headersFor(operations['card.widgetToken']),
    })
    expectRefusal('code', response, 400)
    expect(JSON.parse(response.body).code).toBe('BAD_QUERY_PARAMETER')
  })
})
