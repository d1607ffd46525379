import type { HallpassClient } from '@hallpass/client'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { DemoSettings } from '../shared/backend-api.js'
import { askHallpass } from './ask-hallpass.js'
import type { Shop } from './read-shop.js'

interface Needs {
  readonly hallpassUrl: string
  readonly shop: Shop
}

const redeemBody = {
  type: 'object',
  required: ['widget_token'],
  properties: { widget_token: { type: 'string', minLength: 1, maxLength: 100 } },
} as const

/** The backend's own small API: what needs the secret key, for the user who is logged in. */
export function registerRoutes(app: FastifyInstance, needs: Needs): void {
  const { hallpassUrl, shop } = needs
  const { clientKey, user, customerId, cardId, widgetType } = shop
  const ask = async <T>(reply: FastifyReply, question: (hallpass: HallpassClient) => Promise<T>) => {
    const { status, body } = await askHallpass(needs, question)
    return reply.status(status).send(body)
  }

  app.get('/api/settings', (): DemoSettings => ({ hallpassUrl, clientKey }))

  app.post('/api/user-token', (_, reply) =>
    ask(reply, (hallpass) =>
      hallpass.visitor.userToken({
        client_key: clientKey,
        user_id: user.id,
        display_name: user.displayName,
        email: user.email,
      }),
    ),
  )

  app.post('/api/bridge', (_, reply) =>
    ask(reply, (hallpass) => hallpass.bridge.initialize({ customer_id: customerId })),
  )

  app.post('/api/card-token', (_, reply) =>
    ask(reply, (hallpass) => hallpass.card.widgetToken({ card_id: cardId, widget_type: widgetType })),
  )

  app.post<{ Body: { widget_token: string } }>('/api/redeem', { schema: { body: redeemBody } }, (request, reply) => {
    const { widget_token } = request.body
    return ask(reply, (hallpass) => hallpass.tokens.redeem({ widget_token, widget_type: widgetType }))
  })
}
