import { answer, type ConformFault, faultyStatus, withBody, withClaims, withHeaders, without } from './faults.js'

const oneId = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'

/** Faults of a Bridge API, and the checks that must name each. */
export const bridgeFaults = (key: string): readonly ConformFault[] => [
  [
    'a 401 is a 403',
    'bridge',
    faultyStatus(401, 403),
    ['bridge.missing_key', 'bridge.unknown_key', 'bridge.error_object'],
  ],
  [
    'any key is accepted',
    'bridge',
    withHeaders((headers) => ({ ...headers, authorization: `Bearer ${key}` })),
    ['bridge.missing_key', 'bridge.unknown_key', 'bridge.error_object'],
  ],
  [
    'a response without meta',
    'bridge',
    answer(withBody((body) => body.replace('"meta"', '"info"'))),
    [
      'bridge.missing_key',
      'bridge.unknown_key',
      'bridge.missing_customer',
      'bridge.malformed_customer',
      'bridge.unknown_option',
      'bridge.unknown_customer',
      'bridge.create',
      'bridge.headers',
      'bridge.error_object',
      'bridge.invalid_fields',
      'bridge.bad_idempotency_key',
      'bridge.replayed',
    ],
  ],
  [
    'another response_type',
    'bridge',
    answer(withBody((body) => body.replace('"response_type":"object"', '"response_type":"array"'))),
    ['bridge.create'],
  ],
  [
    'errors only in data',
    'bridge',
    answer(withBody((body) => body.replace('"error":{', '"problem":{'))),
    ['bridge.error_object', 'bridge.invalid_fields', 'bridge.bad_idempotency_key', 'bridge.replayed'],
  ],
  [
    'Idempotency-Key is ignored',
    'bridge',
    withHeaders(({ 'idempotency-key': _, ...headers }) => headers),
    ['bridge.idempotent', 'bridge.bad_idempotency_key', 'bridge.replayed'],
  ],
  [
    'a bridge token without exp',
    'bridge',
    answer(withClaims(({ exp: _, ...claims }) => claims)),
    ['bridge.create', 'bridge.token'],
  ],
  [
    'a bridge token for a day',
    'bridge',
    answer(withClaims((claims) => ({ ...claims, exp: Number(claims.exp) + 86_400 }))),
    ['bridge.token'],
  ],
  [
    'a token of another customer',
    'bridge',
    answer(withClaims((claims) => ({ ...claims, sub: 'another' }))),
    ['bridge.token'],
  ],
  [
    'an option is refused',
    'bridge',
    async ({ body }, forward) => ({ ...(await forward()), ...(body.includes('"skip"') ? { status: 422 } : {}) }),
    ['bridge.options'],
  ],
  [
    'an unknown option is accepted',
    'bridge',
    ({ body }, forward) => forward({ body: body.replace('"conform"', '"inline"') }),
    ['bridge.unknown_option'],
  ],
  [
    'all requests have one id',
    'bridge',
    answer(withBody((body) => body.replace(/"api_request_id":"[^"]+"/, `"api_request_id":"${oneId}"`))),
    ['bridge.headers'],
  ],
  ['Request-Id is lost', 'bridge', answer(without('request-id')), ['bridge.request_id']],
  ['responses can be cached', 'bridge', answer(without('cache-control')), ['bridge.no_store']],
]
