import type { FastifyInstance } from 'fastify'
import { hostsOf } from '../addresses.js'

/**
 * Answers only requests for the hosts that a site is served at. A page whose own name was rebound to this machine sends
 * that name, and no Origin with a GET, so the check of the Origin does not see it.
 */
export function refuseOtherHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host } = request.headers
    if (host !== undefined && hostsOf(request.socket.localPort).includes(host.toLowerCase())) return
    const refusal = { reason: 'misdirected_request', message: 'This site is not served at that host.' }
    return reply.status(421).send({ refusal, calls: [] })
  })
}
