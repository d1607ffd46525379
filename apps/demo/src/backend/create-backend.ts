import fastifyStatic from '@fastify/static'
import fastify, { type FastifyInstance } from 'fastify'
import { answerErrors } from './answer-errors.js'
import { guardAnswers } from './guard-answers.js'
import type { Shop } from './read-shop.js'
import { refuseForeignPages } from './refuse-foreign-pages.js'
import { registerRoutes } from './routes.js'

interface BackendOptions {
  /** Where Hallpass listens. */
  readonly hallpassUrl: string
  readonly shop: Shop
  /** The built page. */
  readonly webFolder: string
}

const bodyLimitBytes = 4096

/** The shop's backend: it serves the page and alone holds the secret key. */
export function createBackend({ hallpassUrl, shop, webFolder }: BackendOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    // stdout is for what a person should read
    logger: { level: 'warn', stream: process.stderr },
  })
  guardAnswers(app, hallpassUrl)
  answerErrors(app)
  refuseForeignPages(app)
  registerRoutes(app, { hallpassUrl, shop })
  app.register(fastifyStatic, {
    root: webFolder,
    cacheControl: false,
    // a new build has new names for its assets, and one page that names them
    setHeaders: (response, path) =>
      response.header('Cache-Control', path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable'),
  })
  return app
}
