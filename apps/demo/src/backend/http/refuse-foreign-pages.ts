import type { FastifyInstance } from 'fastify'
import { originsOf } from '../addresses.js'

/**
 * Lets only a site's own pages ask it. The shop acts for a logged-in user, so another page in the same browser must not
 * make it act.
 */
export function refuseForeignPages(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (origin === undefined || originsOf(`http://127.0.0.1:${request.socket.localPort}`).includes(origin)) return
    const refusal = { reason: 'origin_not_allowed', message: "Only the site's own pages may ask its backend." }
    return reply.status(403).send({ refusal, calls: [] })
  })
}
