import type { FastifyError, FastifyInstance } from 'fastify'
import type { BackendAnswer } from '../../shared/backend-api.js'

/** Words every fault like a refusal, so that the page reads one shape; what went wrong inside goes to the log only. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return reply.status(status).send(refusalOf('malformed_request', error.message))
    request.log.error(error)
    return reply.status(status).send(refusalOf('internal_error', 'The backend failed; its log says why.'))
  })
  app.setNotFoundHandler((_, reply) => reply.status(404).send(refusalOf('not_found', 'There is nothing here.')))
}

const refusalOf = (reason: string, message: string): BackendAnswer<never> => ({
  refusal: { reason, message },
  calls: [],
})
