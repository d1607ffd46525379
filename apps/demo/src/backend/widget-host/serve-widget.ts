import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Reach } from '../http/guard-answers.js'
import { parseParent, urlOf } from '../http/parse-frame-url.js'
import { serveFrame } from '../http/serve-frame.js'

/** What the pages of widgets are served with. */
export interface WidgetPages {
  /** The built pages. */
  readonly widgetsFolder: string
  /** Origins of the pages that may show the widgets. */
  readonly parents: () => readonly string[]
  /** Where the pages may reach. */
  readonly reach: () => Reach
}

/** Serves a widget's page at its name, to be shown by the page that the URL names if that may show widgets, else by none. */
export function serveWidget(app: FastifyInstance, name: string, { widgetsFolder, parents, reach }: WidgetPages): void {
  app.get(`/${name}`, (request, reply) => {
    const parent = parseParent(urlOf(request).searchParams).find((origin) => parents().includes(origin))
    return serveFrame(reply, { file: join(widgetsFolder, `${name}.html`), parent, reach: reach() })
  })
}
