import { type Check, creation, type Difference, ofHallpass, refusal } from './check.js'
import {
  at,
  expectClaims,
  expectFields,
  expectHeader,
  expectLifetime,
  expectOther,
  expectSame,
  expectStatus,
  expectThat,
  expectType,
  jwt,
  text,
  textAt,
  time,
  uuid,
} from './compare.js'
import type { Reply, Target } from './target.js'

const path = '/v1/bridge/initialize'
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })
const call = (target: Target, body: object, headers: Readonly<Record<string, string>> = bearer(target.apiKey)) =>
  target.send({ method: 'POST', path, headers, body })
const mint = (target: Target, headers: Readonly<Record<string, string>> = {}, more: object = {}) =>
  call(target, { customer_id: target.customer, ...more }, { ...bearer(target.apiKey), ...headers })
const tokenIn = ({ json }: Reply) => at(json, 'data.bridge_token')
const mints = ['POST /v1/bridge/initialize creates a bridge token']

const isError = (reply: Reply, ...statuses: readonly number[]): Difference[] => [
  ...expectStatus(reply, ...statuses),
  ...expectType(reply, 'application/json'),
  ...expectFields(reply, { response_type: 'error', 'meta.api_request_id': text }),
]
/** The error object that Hallpass sends as `data` and as `error`. */
const isWhole = (reply: Reply, status: number, type: string): Difference[] => [
  ...isError(reply, status),
  ...['data', 'error'].flatMap((name) =>
    expectFields(reply, { [`${name}.status`]: status, [`${name}.type`]: type, [`${name}.detail`]: text }),
  ),
]

/** The contract of the Bridge API. */
export const bridgeChecks: readonly Check[] = [
  refusal('bridge.missing_key', '401 without a secret key', async (target) =>
    isError(await call(target, { customer_id: target.customer }, {}), 401),
  ),
  refusal('bridge.unknown_key', '401 with an unknown secret key', async (target) =>
    isError(await call(target, { customer_id: target.customer }, bearer('sk_test_conform_unknown')), 401),
  ),
  refusal('bridge.missing_customer', '400 or 422 without customer_id', async (target) =>
    isError(await call(target, {}), 400, 422),
  ),
  refusal('bridge.malformed_customer', '400 or 422 if customer_id is not an id', async (target) =>
    isError(await call(target, { customer_id: 7 }), 400, 422),
  ),
  refusal('bridge.unknown_option', '400 or 422 for an unknown processing_method', async (target) =>
    isError(await mint(target, {}, { config: { processing_method: 'conform' } }), 400, 422),
  ),
  refusal('bridge.unknown_customer', '404 for an unknown customer', async (target) =>
    isError(await call(target, { customer_id: '00000000-0000-4000-8000-000000000000' }), 404),
  ),
  creation('bridge.create', '200 with a bridge token', mints, async (target) => {
    const reply = await mint(target)
    const meta = { 'meta.api_request_id': uuid, 'meta.api_request_timestamp': time }
    return [
      ...expectStatus(reply, 200),
      ...expectType(reply, 'application/json'),
      ...expectFields(reply, { 'data.bridge_token': jwt, ...meta, response_type: 'object' }),
    ]
  }),
  creation('bridge.options', '200 with each documented option', mints, async (target) => {
    const configs = [
      ...['inline', 'background', 'skip'].map((processing_method) => ({ processing_method })),
      ...['standard', 'active', 'rejected', 'review'].map((sandbox_outcome) => ({ sandbox_outcome })),
    ]
    const different: Difference[] = []
    for (const config of configs) {
      const reply = await mint(target, {}, { config, external_id: `${target.run}-external` })
      const named = expectStatus(reply, 200).map((one) => ({
        ...one,
        what: `${one.what} with ${JSON.stringify(config)}`,
      }))
      different.push(...named)
    }
    return different
  }),
  creation('bridge.headers', '200 with the documented headers, and an id for each request', mints, async (target) => {
    const headers = { 'Request-Id': `${target.run}-request`, 'Correlation-Id': `${target.run}-correlation` }
    const [first, second] = [await mint(target, headers), await mint(target, headers)]
    const ids = [first, second].map(({ json }) => at(json, 'meta.api_request_id'))
    return [...expectStatus(second, 200), ...expectOther('body meta.api_request_id', ids[0], ids[1])]
  }),
  creation('bridge.idempotent', 'a repeat with the same Idempotency-Key gets the same token', mints, async (target) => {
    const key = { 'Idempotency-Key': `${target.run}-bridge` }
    const [first, second] = [await mint(target, key), await mint(target, key)]
    return [...expectStatus(second, 200), ...expectSame('body data.bridge_token', tokenIn(first), tokenIn(second))]
  }),
  ...[
    refusal('bridge.error_object', 'an error has its object in data and error', async (target) => [
      ...isWhole(await call(target, { customer_id: target.customer }, {}), 401, '/unauthorized'),
    ]),
    refusal('bridge.invalid_fields', '422 names each invalid field', async (target) => {
      const reply = await call(target, { customer_id: 'x', config: { processing_method: 'later' } })
      const items = at(reply.json, 'error.items')
      const named = Array.isArray(items) ? items.map((item) => textAt(item, 'reference')) : []
      const expected = ['customer_id', 'config.processing_method']
      const holds = expected.every((name) => named.includes(name))
      return [
        ...isWhole(reply, 422, '/validation_error'),
        ...expectThat(holds, 'body error.items', expected.join(', '), named.join(', ') || 'nothing'),
      ]
    }),
    refusal('bridge.request_id', 'a response repeats the Request-Id', async (target) => {
      const id = `${target.run}-request`
      return expectHeader(await call(target, {}, { ...bearer(target.apiKey), 'Request-Id': id }), 'request-id', id)
    }),
    refusal('bridge.bad_idempotency_key', '400 for an Idempotency-Key of 9 characters', async (target) =>
      isWhole(
        await call(target, {}, { ...bearer(target.apiKey), 'Idempotency-Key': 'too-short' }),
        400,
        '/bad_request',
      ),
    ),
    creation('bridge.token', 'a bridge token lives 4 hours, and is for the customer', mints, async (target) => {
      const token = tokenIn(await mint(target))
      return [...expectLifetime(token, 14_400), ...expectClaims(token, { sub: target.customer, aud: 'bridge' })]
    }),
    creation('bridge.no_store', 'a response with a token is not cached', mints, async (target) =>
      expectHeader(await mint(target), 'cache-control', 'no-store'),
    ),
    creation(
      'bridge.replayed',
      'a repeat says so, and another request with its key is refused',
      mints,
      async (target) => {
        const key = { 'Idempotency-Key': `${target.run}-replay` }
        await mint(target, key)
        return [
          ...expectHeader(await mint(target, key), 'idempotent-replayed', 'true'),
          ...isWhole(await mint(target, key, { external_id: 'another' }), 409, '/conflict'),
        ]
      },
    ),
  ].map(ofHallpass),
]
