import { type Check, creation, type Difference, ofHallpass, refusal, waiting } from './check.js'
import {
  at,
  claimsOf,
  expectFields,
  expectHeader,
  expectLifetime,
  expectOther,
  expectSame,
  expectStatus,
  expectThat,
  jwt,
  object,
  positive,
  shown,
  text,
  textAt,
} from './compare.js'
import type { Reply, Target } from './target.js'

const folder = '/api/v1/widget'
const bearer = ({ apiKey }: Target) => ({ Authorization: `Bearer ${apiKey}` })
const foreignOrigin = 'https://conform.invalid'

const fromPage = (target: Target, name: string, body: object, origin = target.origin) =>
  target.send({ method: 'POST', path: `${folder}/auth/${name}`, headers: { Origin: origin }, body })
const userToken = (target: Target, body: object, headers: Readonly<Record<string, string>> = bearer(target)) =>
  target.send({ method: 'POST', path: `${folder}/auth/user-token`, headers, body })
const config = (target: Target, query: Readonly<Record<string, string>>, origin = target.origin) =>
  target.send({ method: 'GET', path: `${folder}/config?${new URLSearchParams(query)}`, headers: { Origin: origin } })
const guest = (target: Target) => fromPage(target, 'guest', { client_key: target.clientKey })
const mintUserToken = async (target: Target) =>
  textAt((await userToken(target, { client_key: target.clientKey, user_id: `${target.run}-user` })).json, 'token')
const refreshTokenIn = ({ json }: Reply) => at(json, 'refresh_token')

/** An error is a documented phrase, as a text or as a JSON string. */
const isPhrase = (reply: Reply, status: number, phrase: string): Difference[] => [
  ...expectStatus(reply, status),
  ...expectThat(
    reply.text.trim() === phrase || reply.json === phrase,
    'body',
    phrase,
    reply.status < 300 ? 'the body of a success' : shown(reply.text),
  ),
]
const isSession = (reply: Reply): Difference[] => [...expectStatus(reply, 200), ...expectFields(reply, { token: jwt })]
const guestMints = ['POST /api/v1/widget/auth/guest creates a guest session']
const userMints = [
  'POST /api/v1/widget/auth/user-token creates a visitor token',
  'POST /api/v1/widget/auth/exchange creates a session',
]
const missingToken = 'Missing or expired token'
const missingRefreshToken = 'Missing or expired refresh_token'
const foreign = 'Origin not in allowlist for this client_key'

/** The contract of the Visitor API. */
export const visitorChecks: readonly Check[] = [
  refusal('visitor.guest_missing_key', '400 for a guest without client_key', async (target) =>
    isPhrase(await fromPage(target, 'guest', {}), 400, 'Missing client_key'),
  ),
  refusal('visitor.guest_foreign_origin', '403 for a guest of another origin', async (target) =>
    isPhrase(await fromPage(target, 'guest', { client_key: target.clientKey }, foreignOrigin), 403, foreign),
  ),
  refusal('visitor.user_token_missing_secret', '401 for a visitor token without a secret key', async (target) =>
    isPhrase(
      await userToken(target, { client_key: target.clientKey, user_id: 'conform' }, {}),
      401,
      'Missing or invalid API key',
    ),
  ),
  refusal('visitor.user_token_unknown_secret', '401 for a visitor token with an unknown secret key', async (target) =>
    isPhrase(
      await userToken(
        target,
        { client_key: target.clientKey, user_id: 'conform' },
        { Authorization: 'Bearer sk_test_conform_unknown' },
      ),
      401,
      'Missing or invalid API key',
    ),
  ),
  refusal('visitor.user_token_missing_client_key', '400 for a visitor token without client_key', async (target) =>
    isPhrase(await userToken(target, { user_id: 'conform' }), 400, 'Missing client_key or user_id'),
  ),
  refusal('visitor.user_token_missing_user', '400 for a visitor token without user_id', async (target) =>
    isPhrase(await userToken(target, { client_key: target.clientKey }), 400, 'Missing client_key or user_id'),
  ),
  refusal('visitor.exchange_missing_token', '400 for an exchange without a token', async (target) =>
    isPhrase(await fromPage(target, 'exchange', {}), 400, missingToken),
  ),
  refusal('visitor.exchange_invalid_token', '400 for an exchange of an invalid token', async (target) =>
    isPhrase(await fromPage(target, 'exchange', { token: 'a.b.c' }), 400, missingToken),
  ),
  refusal('visitor.refresh_missing_token', '400 for a refresh without a token', async (target) =>
    isPhrase(await fromPage(target, 'refresh', {}), 400, missingRefreshToken),
  ),
  refusal('visitor.refresh_invalid_token', '400 for a refresh of an invalid token', async (target) =>
    isPhrase(await fromPage(target, 'refresh', { refresh_token: 'invalid' }), 400, missingRefreshToken),
  ),
  refusal('visitor.config', '200 with the configuration of the widget', async (target) => {
    const reply = await config(target, { client_key: target.clientKey })
    return [
      ...expectStatus(reply, 200),
      ...expectHeader(reply, 'access-control-allow-origin', target.origin),
      ...expectFields({ json: { configuration: reply.json } }, { configuration: object }),
    ]
  }),
  refusal('visitor.config_missing_key', '400 for a configuration without client_key', async (target) =>
    isPhrase(await config(target, {}), 400, 'Missing client_key'),
  ),
  refusal('visitor.config_foreign_origin', '403 for a configuration of another origin', async (target) =>
    isPhrase(await config(target, { client_key: target.clientKey }, foreignOrigin), 403, 'Origin not in allowlist'),
  ),
  creation('visitor.guest', '200 with a guest session, which the page can read', guestMints, async (target) => {
    const reply = await guest(target)
    return [...isSession(reply), ...expectHeader(reply, 'access-control-allow-origin', target.origin)]
  }),
  creation('visitor.single_use', 'a visitor token is exchanged for a session once', userMints, async (target) => {
    const token = await mintUserToken(target)
    const [first, second] = [
      await fromPage(target, 'exchange', { token }),
      await fromPage(target, 'exchange', { token }),
    ]
    const named = (differences: readonly Difference[]) =>
      differences.map((one) => ({ ...one, what: `${one.what} of the second exchange` }))
    return [
      ...expectThat(claimsOf(token).exp !== undefined, 'body token', 'a JWT', token ? 'another text' : 'nothing'),
      ...isSession(first),
      ...named(isPhrase(second, 400, missingToken)),
    ]
  }),
  creation('visitor.user_token', 'a visitor token names the user', userMints.slice(0, 1), async (target) => {
    const claims = JSON.stringify(claimsOf(await mintUserToken(target)))
    const user = `${target.run}-user`
    return expectThat(claims.includes(JSON.stringify(user)), 'claims of the token', 'the user_id', 'another user')
  }),
  waiting(
    creation('visitor.expiry', 'a visitor token is not exchanged once it has expired', userMints, async (target) => {
      const token = await mintUserToken(target)
      // the server's clock may be behind
      await target.wait(Number(claimsOf(token).exp) - Date.now() / 1000 + 61)
      return isPhrase(await fromPage(target, 'exchange', { token }), 400, missingToken)
    }),
  ),
  creation('visitor.refresh', 'a refreshed session has the same identity', guestMints, async (target) => {
    const first = await guest(target)
    const second = await fromPage(target, 'refresh', { refresh_token: refreshTokenIn(first) })
    const [before, after] = [claimsOf(at(first.json, 'token')), claimsOf(at(second.json, 'token'))]
    return [...isSession(second), ...expectSame('claim sub', before.sub, after.sub)]
  }),
  ...[
    refusal('visitor.unknown_client_key', '403 for an unknown client key, as for another origin', async (target) =>
      isPhrase(await fromPage(target, 'guest', { client_key: 'pk_test_conform_unknown' }), 403, foreign),
    ),
    refusal('visitor.null_origin', '403 for the origin null', async (target) =>
      isPhrase(await fromPage(target, 'guest', { client_key: target.clientKey }, 'null'), 403, foreign),
    ),
    refusal('visitor.error_reason', 'an error has the header X-Error-Reason', async (target) =>
      expectHeader(await fromPage(target, 'exchange', { token: 'a.b.c' }), 'x-error-reason', 'invalid_token'),
    ),
    refusal(
      'visitor.appearance',
      'the configuration has the colors, the copy and the name of the agent',
      async (target) => {
        const reply = await config(target, { client_key: target.clientKey })
        return expectFields(reply, { branding: object, copy: object, 'agent.display_name': text })
      },
    ),
    refusal('visitor.hidden_allowlist', 'the configuration does not show the allowlist', async (target) => {
      const { json } = await config(target, { client_key: target.clientKey })
      const shows = at(json, 'origin_allowlist') !== undefined
      return expectThat(!shows, 'body origin_allowlist', 'nothing', 'a value')
    }),
    creation('visitor.session', 'a session has all its fields, and lives 15 minutes', guestMints, async (target) => {
      const reply = await guest(target)
      const ids = { session_id: text, visitor_id: text, refresh_token: text, agent_id: text }
      const lifetimes = { expires_in: positive, refresh_expires_in: positive }
      return [
        ...expectFields(reply, { token_type: 'Bearer', auth_mode: 'guest', ...ids, ...lifetimes }),
        ...expectLifetime(at(reply.json, 'token'), 900),
        ...expectHeader(reply, 'cache-control', 'no-store'),
      ]
    }),
    creation('visitor.rotation', 'a refresh token is replaced when it is used', guestMints, async (target) => {
      const first = await guest(target)
      const second = await fromPage(target, 'refresh', { refresh_token: refreshTokenIn(first) })
      return [
        ...expectOther('body refresh_token', refreshTokenIn(first), refreshTokenIn(second)),
        ...expectSame('body session_id', at(first.json, 'session_id'), at(second.json, 'session_id')),
      ]
    }),
    creation(
      'visitor.promotion',
      'a guest who becomes a user keeps the visitor_id',
      [...guestMints, ...userMints],
      async (target) => {
        const before = await guest(target)
        const promoted = { token: await mintUserToken(target), session_token: at(before.json, 'token') }
        const after = await fromPage(target, 'exchange', promoted)
        return [
          ...expectFields(after, { auth_mode: 'user' }),
          ...expectSame('body visitor_id', at(before.json, 'visitor_id'), at(after.json, 'visitor_id')),
        ]
      },
    ),
  ].map(ofHallpass),
]
