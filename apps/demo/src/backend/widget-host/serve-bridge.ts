import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseBridgeParent, urlOf } from '../http/parse-frame-url.js'
import { serveFrame } from '../http/serve-frame.js'
import type { WidgetPages } from './serve-widget.js'

/** Serves the bridge widget to the page that its URL names. 403 if the URL doesn't name a page that can embed it. */
export function serveBridge(app: FastifyInstance, { widgetsFolder, parents, reach }: WidgetPages): void {
  const serve = (request: FastifyRequest, reply: FastifyReply) => {
    const { pathname, searchParams } = urlOf(request)
    const parent = parseBridgeParent(pathname, searchParams).find((origin) => parents().includes(origin))
    if (parent === undefined) {
      return reply
        .status(403)
        .type('text/plain; charset=utf-8')
        .send('The URL must name a page that is allowed to embed this widget.\n')
    }
    return serveFrame(reply, { file: join(widgetsFolder, 'bridge.html'), parent, reach: reach() })
  }
  app.get('/', serve)
  app.get('/:host', serve)
  app.get('/:host/', serve)
}
