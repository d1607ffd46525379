import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Reach } from '../http/guard-answers.js'
import { serveFrame } from '../http/serve-frame.js'

interface Needs {
  readonly widgetsFolder: string
  readonly parents: () => readonly string[]
  readonly reach: () => Reach
}

/** Serves a widget's page at its name, to be shown by the page that the URL names if that may show widgets, else by none. */
export function serveWidget(app: FastifyInstance, name: string, { widgetsFolder, parents, reach }: Needs): void {
  app.get<{ Querystring: { parent?: string } }>(`/${name}`, (request, reply) => {
    const parent = parents().find((origin) => origin === request.query.parent)
    return serveFrame(reply, { file: join(widgetsFolder, `${name}.html`), parent, reach: reach() })
  })
}
