import type {} from '@fastify/static'
import type { FastifyError, FastifyInstance } from 'fastify'
import type { BackendAnswer } from '../../shared/backend-api.js'

/** Returns every error as a refusal, so that pages handle one format, but a browser gets a page for an unknown address. Details of internal errors are only logged. */
export function answerErrors(app: FastifyInstance, notFoundPage?: string): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return reply.status(status).send(refusalOf('malformed_request', error.message))
    request.log.error(error)
    return reply.status(status).send(refusalOf('internal_error', 'The backend failed. See its log for details.'))
  })
  app.setNotFoundHandler((request, reply) => {
    reply.status(404)
    const isPage = request.method === 'GET' && request.headers.accept?.includes('text/html')
    // the page itself says that it doesn't exist
    if (notFoundPage !== undefined && isPage) return reply.sendFile(notFoundPage)
    return reply.send(refusalOf('not_found', 'Not found.'))
  })
}

const refusalOf = (reason: string, message: string): BackendAnswer<never> => ({
  refusal: { reason, message },
  calls: [],
})
