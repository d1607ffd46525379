import { answer, type ConformFault, on, repeating, withBody, withClaims, withHeaders, without } from './faults.js'

/** Faults of a Visitor API, and the checks that must name each. */
export const visitorFaults = (key: string, origin: string): readonly ConformFault[] => [
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
    [
      'visitor.guest_missing_key',
      'visitor.user_token_missing_client_key',
      'visitor.user_token_missing_user',
      'visitor.config_missing_key',
    ],
  ],
  [
    'any key mints visitor tokens',
    'visitor',
    withHeaders((headers) => ({ ...headers, ...(headers.authorization ? { authorization: `Bearer ${key}` } : {}) })),
    ['visitor.user_token_unknown_secret'],
  ],
  [
    'a visitor token of another user',
    'visitor',
    on('/user-token', ({ body }, forward) => forward({ body: body.replace(/-user"/, '-other"') })),
    ['visitor.user_token'],
  ],
  [
    'no colors',
    'visitor',
    on('/config', answer(withBody((body) => body.replace('"branding"', '"brand"')))),
    ['visitor.appearance'],
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
]
