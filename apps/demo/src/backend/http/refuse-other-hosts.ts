import type { FastifyInstance } from 'fastify'
import { hostsOf } from '../addresses.js'

/**
 * Accepts only requests for the site's own hosts. This stops DNS rebinding: a page whose name resolves to this machine
 * sends that name as Host, and its GET requests have no Origin to check.
 */
export function refuseOtherHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host } = request.headers
    if (host !== undefined && hostsOf(request.socket.localPort).includes(host.toLowerCase())) return
    const refusal = { reason: 'misdirected_request', message: "This site isn't available at this host." }
    return reply.status(421).send({ refusal, calls: [] })
  })
}
