import { type Check, creation, type Difference, needing, ofHallpass, refusal, waiting } from './check.js'
import {
  at,
  expectFields,
  expectHeader,
  expectOther,
  expectSame,
  expectStatus,
  expectThat,
  expectType,
  shown,
  text,
} from './compare.js'
import type { Reply, Target } from './target.js'

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })
/** GET, as documented, although it creates a token. */
const call = (target: Target, { card = target.card, query = `widget_type=${target.widgetType}`, headers = {} } = {}) =>
  target.send({
    method: 'GET',
    path: `/v1/cards/${card}/widget_token?${query}`,
    headers: { ...bearer(target.apiKey), ...headers },
  })
const withoutKey = (target: Target, headers: Readonly<Record<string, string>>) =>
  target.send({
    method: 'GET',
    path: `/v1/cards/${target.card}/widget_token?widget_type=${target.widgetType}`,
    headers,
  })
const redeem = (target: Target, widget_token: unknown, widget_type: string) =>
  target.send({
    method: 'POST',
    path: '/v1/widget_tokens/redeem',
    headers: bearer(target.apiKey),
    body: { widget_token, widget_type },
  })
const tokenIn = ({ json }: Reply) => at(json, 'widget_token')
const otherType = ({ widgetType }: Target) => (widgetType === 'GET_PIN' ? 'REVEAL' : 'GET_PIN')

const isError = (reply: Reply, status: number, code?: string): Difference[] => [
  ...expectStatus(reply, status),
  ...expectType(reply, 'application/json'),
  ...expectFields(reply, { code: code ?? text, detail: text, status }),
]
const mints = ['GET /v1/cards/{card_id}/widget_token creates a card widget token']

/** The contract of the Card API. */
export const cardChecks: readonly Check[] = [
  refusal('card.missing_key', '401 without a secret key', async (target) => isError(await withoutKey(target, {}), 401)),
  refusal('card.unknown_key', '401 with an unknown secret key', async (target) =>
    isError(await withoutKey(target, bearer('sk_test_conform_unknown')), 401),
  ),
  refusal('card.missing_widget_type', '400 without widget_type', async (target) =>
    isError(await call(target, { query: '' }), 400),
  ),
  refusal('card.unknown_widget_type', '400 for an unknown widget_type', async (target) =>
    isError(await call(target, { query: 'widget_type=CONFORM' }), 400),
  ),
  refusal('card.malformed_card', '400 if the card id is not a UUID', async (target) =>
    isError(await call(target, { card: 'conform' }), 400),
  ),
  needing(
    'limitedKey',
    refusal('card.forbidden', '403 with a secret key that has no permission', async (target) =>
      isError(await withoutKey(target, bearer(target.limitedKey)), 403),
    ),
  ),
  creation('card.create', '200 with a tenant and a new token each time', mints, async (target) => {
    const [first, second] = [await call(target), await call(target)]
    return [
      ...expectStatus(first, 200),
      ...expectType(first, 'application/json'),
      ...expectFields(first, { tenant: text, widget_token: text }),
      ...expectOther('body widget_token', tokenIn(first), tokenIn(second)),
    ]
  }),
  creation('card.idempotent', 'a repeat with the same Idempotency-Key gets the same token', mints, async (target) => {
    const headers = { 'Idempotency-Key': `${target.run}-card` }
    const [first, second] = [await call(target, { headers }), await call(target, { headers })]
    return [...expectStatus(second, 200), ...expectSame('body widget_token', tokenIn(first), tokenIn(second))]
  }),
  ...[
    refusal('card.codes', 'an error has the documented code', async (target) => [
      ...isError(await withoutKey(target, {}), 401, 'UNAUTHENTICATED'),
      ...isError(await call(target, { query: '' }), 400, 'BAD_QUERY_PARAMETER'),
    ]),
    refusal('card.unknown_card', '404 for an unknown card', async (target) =>
      isError(await call(target, { card: '00000000-0000-4000-8000-000000000000' }), 404, 'RESOURCE_NOT_FOUND'),
    ),
    refusal('card.wrong_status', '422 for a widget that the status of the card does not allow', async (target) => {
      const other = target.widgetType === 'ACTIVATE' ? 'REVEAL' : 'ACTIVATE'
      return isError(await call(target, { query: `widget_type=${other}` }), 422, 'INVALID_STATUS')
    }),
    waiting(
      creation('card.expiry', 'a token expires after 5 minutes', mints, async (target) => {
        const token = tokenIn(await call(target))
        await target.wait(301)
        return isError(await redeem(target, token, target.widgetType), 422, 'TOKEN_EXPIRED')
      }),
    ),
    creation('card.no_store', 'a response with a token is not cached', mints, async (target) =>
      expectHeader(await call(target), 'cache-control', 'no-store'),
    ),
    creation('card.reused_key', '422 for another request with the same Idempotency-Key', mints, async (target) => {
      const headers = { 'Idempotency-Key': `${target.run}-reuse` }
      await call(target, { headers })
      const reply = await call(target, { headers, query: `widget_type=${otherType(target)}` })
      return isError(reply, 422, 'IDEMPOTENCY_INVALID_REUSE')
    }),
    creation('card.single_use', 'a token is redeemed once, and only for its widget', mints, async (target) => {
      const token = tokenIn(await call(target))
      const wrong = await redeem(target, token, otherType(target))
      const [first, second] = [
        await redeem(target, token, target.widgetType),
        await redeem(target, token, target.widgetType),
      ]
      return [
        ...isError(wrong, 422, 'TOKEN_WRONG_WIDGET_TYPE'),
        ...expectThat(first.status === 200, 'status of the first redemption', '200', `${first.status}`),
        ...expectFields(first, { card_id: target.card, widget_type: target.widgetType }),
        ...expectThat(
          at(second.json, 'code') === 'TOKEN_ALREADY_USED',
          'body code of the second redemption',
          'TOKEN_ALREADY_USED',
          second.status < 300 ? 'a success' : shown(at(second.json, 'code')),
        ),
      ]
    }),
  ].map(ofHallpass),
]
