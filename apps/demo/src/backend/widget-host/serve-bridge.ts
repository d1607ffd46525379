import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseBridgeParent, urlOf } from '../http/parse-frame-url.js'
import { serveFrame } from '../http/serve-frame.js'
import type { WidgetPages } from './serve-widget.js'

/** Serves the bridge widget's page to the one page that its URL names; without one that may show it, it is of no use. */
export function serveBridge(app: FastifyInstance, { widgetsFolder, parents, reach }: WidgetPages): void {
  const serve = (request: FastifyRequest, reply: FastifyReply) => {
    const { pathname, searchParams } = urlOf(request)
    const parent = parseBridgeParent(pathname, searchParams).find((origin) => parents().includes(origin))
    if (parent === undefined) {
      return reply.status(403).type('text/plain; charset=utf-8').send('No page that may show this widget was named.\n')
    }
    return serveFrame(reply, { file: join(widgetsFolder, 'bridge.html'), parent, reach: reach() })
  }
  app.get('/', serve)
  app.get('/:host', serve)
  app.get('/:host/', serve)
}
