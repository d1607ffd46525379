import type { Fault, Given, Seen } from './faulty-server.js'

/** A fault of the requests whose path has this text. */
const on =
  (path: string, fault: Fault): Fault =>
  (seen, forward) =>
    seen.path.includes(path) ? fault(seen, forward) : forward()
const withBody = (change: (body: string) => string) => (given: Given) => ({ ...given, body: change(given.body) })
const without = (header: string) => (given: Given) => ({
  ...given,
  headers: Object.fromEntries(Object.entries(given.headers).filter(([name]) => name !== header)),
})
const answer =
  (change: (given: Given) => Given): Fault =>
  async (_, forward) =>
    change(await forward())
/** One status instead of another. */
export const faultyStatus = (from: number, to: number): Fault =>
  answer((given) => (given.status === from ? { ...given, status: to } : given))
const withHeaders =
  (change: (headers: Seen['headers']) => Seen['headers']): Fault =>
  (seen, forward) =>
    forward({ headers: change(seen.headers) })
/** Remembers the first success for each value of a key, and repeats it. */
function repeating(keyOf: (seen: Seen) => string): Fault {
  const held = new Map<string, Given>()
  return async (seen, forward) => {
    const given = held.get(keyOf(seen)) ?? (await forward())
    if (given.status === 200) held.set(keyOf(seen), given)
    return given
  }
}
/** Changes the claims of each JWT of a body. */
const withClaims = (change: (claims: Record<string, unknown>) => object) =>
  withBody((body) =>
    body.replace(/(eyJ[\w-]+)\.(eyJ[\w-]+)\.([\w-]+)/g, (_, header: string, payload: string, signature: string) => {
      const claims = change(JSON.parse(Buffer.from(payload, 'base64url').toString()))
      return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
    }),
  )

/** Faults of a server, with the API and the checks that must name each. */
export const conformFaults = (
  key: string,
  origin: string,
): readonly [what: string, api: string, fault: Fault, found: readonly string[]][] => [
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
      'bridge.unknown_customer',
      'bridge.create',
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
  ['Request-Id is lost', 'bridge', answer(without('request-id')), ['bridge.request_id']],
  ['responses can be cached', 'bridge', answer(without('cache-control')), ['bridge.no_store']],
  [
    'any origin is accepted',
    'visitor',
    withHeaders((headers) => ({ ...headers, origin })),
    ['visitor.guest_foreign_origin', 'visitor.config_foreign_origin', 'visitor.null_origin'],
  ],
  [
    'another phrase',
    'visitor',
    answer(withBody((body) => body.replace('Missing client_key', 'client_key is missing'))),
    ['visitor.guest_missing_key', 'visitor.user_token_missing_user', 'visitor.config_missing_key'],
  ],
  ['no CORS', 'visitor', answer(without('access-control-allow-origin')), ['visitor.config', 'visitor.guest']],
  ['no X-Error-Reason', 'visitor', answer(without('x-error-reason')), ['visitor.error_reason']],
  [
    'a visitor token works again',
    'visitor',
    on(
      '/exchange',
      repeating(({ body }) => body),
    ),
    ['visitor.single_use'],
  ],
  [
    'a refresh starts another session',
    'visitor',
    on('/refresh', async (_, forward) => {
      const given = await forward()
      const body = JSON.stringify({ client_key: 'pk_test_acme' })
      return given.status === 200 ? forward({ path: '/api/v1/widget/auth/guest', body }) : given
    }),
    ['visitor.refresh', 'visitor.rotation'],
  ],
  [
    'a refresh token stays',
    'visitor',
    on('/refresh', async ({ body }, forward) => {
      const { refresh_token } = JSON.parse(body)
      return withBody((text) => text.replace(/"refresh_token":"[^"]+"/, `"refresh_token":"${refresh_token}"`))(
        await forward(),
      )
    }),
    ['visitor.rotation'],
  ],
  [
    'a guest is not promoted',
    'visitor',
    on('/exchange', (seen, forward) => {
      const { token } = JSON.parse(seen.body)
      return forward({ body: JSON.stringify({ token }) })
    }),
    ['visitor.promotion'],
  ],
  [
    'a session for a day',
    'visitor',
    on('/guest', answer(withClaims((claims) => ({ ...claims, exp: Number(claims.exp) + 86_400 })))),
    ['visitor.session', 'visitor.promotion'],
  ],
  [
    'the allowlist is shown',
    'visitor',
    on('/config', answer(withBody((body) => body.replace('{', '{"origin_allowlist":["*"],')))),
    ['visitor.hidden_allowlist'],
  ],
  [
    'the same card token each time',
    'card',
    on(
      '/widget_token?',
      repeating(({ headers, path }) => headers.authorization + path + headers['idempotency-key']),
    ),
    ['card.create'],
  ],
  [
    'a card error without detail',
    'card',
    answer(withBody((body) => body.replace('"detail"', '"message"'))),
    [
      'card.missing_key',
      'card.unknown_key',
      'card.missing_widget_type',
      'card.unknown_widget_type',
      'card.malformed_card',
      'card.codes',
      'card.unknown_card',
      'card.reused_key',
      'card.single_use',
    ],
  ],
  [
    'another code',
    'card',
    answer(withBody((body) => body.replace('BAD_QUERY_PARAMETER', 'BAD_QUERY'))),
    ['card.codes'],
  ],
  [
    'a card token without tenant',
    'card',
    answer(withBody((body) => body.replace('"tenant"', '"owner"'))),
    ['card.create'],
  ],
  [
    'a card token is redeemed again',
    'card',
    on(
      '/redeem',
      repeating(({ body }) => body),
    ),
    ['card.single_use'],
  ],
  [
    'Idempotency-Key of a card is ignored',
    'card',
    withHeaders(({ 'idempotency-key': _, ...headers }) => headers),
    ['card.idempotent', 'card.reused_key'],
  ],
  [
    'HTML',
    'card',
    () => ({ status: 500, headers: { 'content-type': 'text/html' }, body: '<html>' }),
    [
      'card.missing_key',
      'card.unknown_key',
      'card.missing_widget_type',
      'card.unknown_widget_type',
      'card.malformed_card',
      'card.create',
      'card.idempotent',
      'card.codes',
      'card.unknown_card',
      'card.no_store',
      'card.reused_key',
      'card.single_use',
    ],
  ],
]
