import type { OperationId } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { Execute } from '../execute/outcome.js'
import { pathOf } from './known-paths.js'
import { refuseRequest } from './unknown-routes.js'

/** The first parts of the paths that only the operator needs. */
const hidden = /^\/(v1\/admin|console|metrics)(\/|$)/

const isAdministrative = (id: OperationId) => id.startsWith('admin.')

/** Refuses the operator's paths as if nothing were there, because they have their own listener. */
export function hideAdministration(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!hidden.test(pathOf(request.url))) return done()
    refuseRequest(request, reply, new HallpassError('not_found', messages.nothingAtPath))
  })
}

/** Refuses administrative calls of any transport before anything about them is read. */
export const withoutAdministration =
  (execute: Execute): Execute =>
  async (id, call) =>
    isAdministrative(id)
      ? { error: new HallpassError('not_found', messages.noProcedure), allowance: undefined }
      : execute(id, call)
