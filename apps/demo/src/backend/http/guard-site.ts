import type { FastifyInstance } from 'fastify'
import { hostsOf, originsOf } from '../addresses.js'

/**
 * Accepts requests from the site's own pages only. The shop acts for a logged-in user, so other pages in the same
 * browser must not be able to call it.
 */
export function refuseForeignPages(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (origin === undefined || originsOf(`http://127.0.0.1:${request.socket.localPort}`).includes(origin)) return
    const refusal = { reason: 'origin_not_allowed', message: 'This backend accepts requests from its own pages only.' }
    return reply.status(403).send({ refusal, calls: [] })
  })
}

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
