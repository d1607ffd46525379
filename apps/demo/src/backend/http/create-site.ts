import fastify, { type FastifyInstance } from 'fastify'
import { answerErrors } from './answer-errors.js'
import { guardAnswers, type Reach } from './guard-answers.js'
import { refuseForeignPages, refuseOtherHosts } from './guard-site.js'

const bodyLimitBytes = 16_384

/** A site of the demo: security headers, errors in one format, and an API for its own pages only. */
export function createSite(reach: () => Reach = () => ({}), notFoundPage?: string): FastifyInstance {
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    // stdout is reserved for messages to the user
    logger: { level: 'warn', stream: process.stderr },
  })
  guardAnswers(app, reach)
  refuseOtherHosts(app)
  answerErrors(app, notFoundPage)
  refuseForeignPages(app)
  return app
}
