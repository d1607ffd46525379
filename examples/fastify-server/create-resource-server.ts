import { createGuard, createVerifier } from '@hallpass/client/verify'
import fastify, { type FastifyInstance } from 'fastify'

interface Settings {
  /** The URL of Hallpass, exactly as in the `iss` claim of its tokens. */
  readonly issuer: string
  /** The id of your account. */
  readonly account: string
  /** The origin of the widget's pages. */
  readonly widgetOrigin: string
}

/** An API that a widget calls with its session token, built with Fastify. */
export function createResourceServer({ issuer, account, widgetOrigin }: Settings): FastifyInstance {
  const guard = createGuard(createVerifier({ issuer, kind: 'widget-session', account }))
  const app = fastify()
  // allows pages of one origin to call this API and read its responses, including errors
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
