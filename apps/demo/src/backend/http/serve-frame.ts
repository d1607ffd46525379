import { readFileSync } from 'node:fs'
import type { FastifyReply } from 'fastify'
import { contentSecurityPolicy, type Reach } from './guard-answers.js'

interface Frame {
  /** The built page. */
  readonly file: string
  /** The one origin that may show it; with none it can only be opened by itself. */
  readonly parent: string | undefined
  readonly reach: Reach
}

/**
 * Serves a page to be shown in a frame by one other page: the browser is told by `frame-ancestors`, the page itself by
 * its `parent-origin`. It speaks to no other origin.
 */
export function serveFrame(reply: FastifyReply, { file, parent, reach }: Frame): FastifyReply {
  const html = readFileSync(file, 'utf8')
  const meta = parent === undefined ? '' : `\n    <meta name="parent-origin" content="${parent}" />`
  return reply
    .headers({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': contentSecurityPolicy(reach, parent === undefined ? [] : [parent]),
    })
    .type('text/html; charset=utf-8')
    .send(html.replace('<head>', `<head>${meta}`))
}
