import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Reach } from '../http/guard-answers.js'
import { parseParent, urlOf } from '../http/parse-frame-url.js'
import { serveFrame } from '../http/serve-frame.js'

/** How widget pages are served. */
export interface WidgetPages {
  /** The built pages. */
  readonly widgetsFolder: string
  /** Origins of the pages that can embed the widgets. */
  readonly parents: () => readonly string[]
  /** The other origins that the widget pages can reach. */
  readonly reach: () => Reach
}

/** Serves a widget at `/<name>`. The page that the URL names can embed it, if it is one of the allowed parents. */
export function serveWidget(app: FastifyInstance, name: string, { widgetsFolder, parents, reach }: WidgetPages): void {
  app.get(`/${name}`, (request, reply) => {
    const parent = parseParent(urlOf(request).searchParams).find((origin) => parents().includes(origin))
    return serveFrame(reply, { file: join(widgetsFolder, `${name}.html`), parent, reach: reach() })
  })
}
