import type { FastifyInstance } from 'fastify'

const hosts = ['127.0.0.1', 'localhost']

/**
 * Lets only the demo's own page ask this backend. It acts for a logged-in user, so another page in the same browser must
 * not make it act; a name that was rebound to this machine counts as another page too.
 */
export function refuseForeignPages(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    const own = hosts.map((host) => `http://${host}:${request.socket.localPort}`)
    if (origin === undefined || own.includes(origin)) return
    const refusal = { reason: 'origin_not_allowed', message: "Only the demo's own page may ask its backend." }
    return reply.status(403).send({ refusal, calls: [] })
  })
}
