import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Reach } from '../http/guard-answers.js'
import { type ParentCandidates, parseBridgeParent, urlOf } from '../http/parse-frame-url.js'
import { serveFrame } from '../http/serve-frame.js'

interface Needs {
  /** The built pages. */
  readonly widgetsFolder: string
  /** Origins of the pages that may show the widgets. */
  readonly parents: () => readonly string[]
  /** Where the pages may reach. */
  readonly reach: () => Reach
}

/** Serves each widget page to the one page that its URL names, if that may show widgets. */
export function registerFrames(app: FastifyInstance, needs: Needs): void {
  const bridge = (request: FastifyRequest, reply: FastifyReply) => {
    const { pathname, searchParams } = urlOf(request)
    return serve(needs, reply, 'bridge', parseBridgeParent(pathname, searchParams))
  }
  app.get('/', bridge)
  app.get('/:host', bridge)
  app.get('/:host/', bridge)
}

function serve(needs: Needs, reply: FastifyReply, page: string, candidates: ParentCandidates) {
  const parent = candidates.find((origin) => needs.parents().includes(origin))
  if (parent === undefined) {
    return reply.status(403).type('text/plain; charset=utf-8').send('No page that may show this widget was named.\n')
  }
  return serveFrame(reply, { file: join(needs.widgetsFolder, `${page}.html`), parent, reach: needs.reach() })
}
