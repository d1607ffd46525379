import type { HallpassClient } from '@hallpass/client'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { DemoSettings } from '../../shared/backend-api.js'
import type { Addresses } from '../addresses.js'
import { replyFromHallpass } from '../hallpass/ask-hallpass.js'
import type { Shop } from '../read-shop.js'
import * as bodies from './bodies.js'
import { optionsOf } from './call-options.js'

interface Deps {
  readonly addresses: Addresses
  readonly shop: Shop
}

/** The shop's API: calls to Hallpass with the shop's secret key, for the logged-in user. */
export function registerRoutes(app: FastifyInstance, { addresses, shop }: Deps): void {
  const { clientKey, user, customer, otherAccount } = shop
  const as = <T>(secretKey: string, reply: FastifyReply, question: (hallpass: HallpassClient) => Promise<T>) =>
    replyFromHallpass(reply, { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'backend' }, question)
  const ask = <T>(reply: FastifyReply, question: (hallpass: HallpassClient) => Promise<T>) =>
    as(shop.secretKey, reply, question)

  app.get('/api/settings', (): DemoSettings => settingsOf(addresses, shop))

  app.post<{ Body: bodies.CallExtras }>(
    '/api/user-token',
    { schema: { body: bodies.callExtras } },
    (request, reply) => {
      const userToken = {
        client_key: clientKey,
        user_id: user.id,
        display_name: user.displayName,
        email: user.email,
      }
      return ask(reply, (hallpass) => hallpass.visitor.userToken(userToken, optionsOf(request.body)))
    },
  )

  app.post('/api/sign-out-everywhere', (_, reply) =>
    ask(reply, (hallpass) => hallpass.admin.sessions.revoke({ user_id: user.id })),
  )

  app.post<{ Body: bodies.Bridge }>('/api/bridge', { schema: { body: bodies.bridge } }, (request, reply) => {
    const { of, sandbox_outcome, external_id } = request.body ?? {}
    const input = {
      customer_id: of === 'otherAccount' ? otherAccount.customerId : customer.id,
      ...(sandbox_outcome === undefined ? {} : { config: { sandbox_outcome } }),
      ...(external_id === undefined ? {} : { external_id }),
    }
    return ask(reply, (hallpass) => hallpass.bridge.initialize(input, optionsOf(request.body)))
  })

  app.post<{ Body: bodies.CardToken }>('/api/card-token', { schema: { body: bodies.cardToken } }, (request, reply) => {
    const { card_id, widget_type = 'REVEAL', of } = request.body ?? {}
    const input = {
      card_id: of === 'otherAccount' ? otherAccount.cardId : (card_id ?? shop.cards[0]?.id ?? ''),
      widget_type,
    }
    return ask(reply, (hallpass) => hallpass.card.widgetToken(input, optionsOf(request.body)))
  })

  app.post<{ Body: bodies.Redeem }>('/api/redeem', { schema: { body: bodies.redeem } }, (request, reply) => {
    const { widget_token, widget_type = 'REVEAL', by } = request.body
    const secretKey = by === 'otherAccount' ? otherAccount.secretKey : shop.secretKey
    return as(secretKey, reply, (hallpass) =>
      hallpass.tokens.redeem({ widget_token, widget_type }, optionsOf(request.body)),
    )
  })

  for (const action of ['introspect', 'revoke'] as const) {
    app.post<{ Body: bodies.OfToken }>(`/api/${action}`, { schema: { body: bodies.ofToken } }, (request, reply) => {
      const { token, by } = request.body
      const secretKey = by === 'otherAccount' ? otherAccount.secretKey : shop.secretKey
      return as<unknown>(secretKey, reply, (hallpass) => hallpass.tokens[action]({ token }))
    })
  }
}

function settingsOf({ hallpassUrl, widgetsUrl, attackerUrl }: Addresses, shop: Shop): DemoSettings {
  const { clientKey, user, customer, cards } = shop
  return {
    hallpassUrl,
    widgetsUrl,
    attackerUrl,
    clientKey,
    user: { id: user.id, display_name: user.displayName },
    customer,
    cards: cards.map(({ id, lastFour }) => ({ id, last_four: lastFour })),
  }
}
