import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Reach } from '../../http/guard-answers.js'
import { serveFrame } from '../../http/serve-frame.js'

interface Needs {
  readonly widgetsFolder: string
  readonly parents: () => readonly string[]
  readonly reach: () => Reach
}

/** Serves the rating widget to the page that its URL names, if that may show widgets. */
export function serveOwnWidget(app: FastifyInstance, { widgetsFolder, parents, reach }: Needs): void {
  app.get<{ Querystring: { parent?: string } }>('/own', (request, reply) => {
    const parent = parents().find((origin) => origin === request.query.parent)
    return serveFrame(reply, { file: join(widgetsFolder, 'own.html'), parent, reach: reach() })
  })
}
