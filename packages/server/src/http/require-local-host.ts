import type { FastifyInstance } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { refuseRequest } from './unknown-routes.js'

const localHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i

/**
 * Refuses requests for other hosts. A page whose name resolves to this machine (DNS rebinding) sends that name, and the
 * browser takes the server for a part of that page's site.
 */
export function requireLocalHost(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (localHost.test(request.headers.host ?? '')) return done()
    refuseRequest(request, reply, new HallpassError('malformed_request', messages.localHostOnly))
  })
}
