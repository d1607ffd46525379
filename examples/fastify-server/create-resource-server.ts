import { createGuard, createVerifier } from '@hallpass/client/verify'
import fastify, { type FastifyInstance } from 'fastify'

interface Settings {
  /** The service, as the `iss` of its tokens says. */
  readonly issuer: string
  /** The id of your account. */
  readonly account: string
  /** Where the widget's pages come from. */
  readonly widgetOrigin: string
}

/** What a widget calls with its session token, here with fastify. */
export function createResourceServer({ issuer, account, widgetOrigin }: Settings): FastifyInstance {
  const guard = createGuard(createVerifier({ issuer, kind: 'widget-session', account }))
  const app = fastify()
  // pages of one origin may call, and read what they are answered, refusals included
  app.addHook('onRequest', async (_, reply) => {
    reply.headers({ 'Access-Control-Allow-Origin': widgetOrigin, Vary: 'Origin' })
  })
  app.options('/messages', (_, reply) =>
    reply
      .headers({ 'Access-Control-Allow-Headers': 'Authorization', 'Access-Control-Max-Age': '600' })
      .code(204)
      .send(),
  )
  app.get('/messages', { onRequest: guard.fastify }, async (request) => {
    const { sub, user } = guard.claimsOf(request)
    return { messages: [`Hello ${user?.display_name ?? 'guest'}`, `You are visitor ${sub}`] }
  })
  return app
}
