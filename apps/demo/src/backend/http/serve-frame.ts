import { readFileSync } from 'node:fs'
import type { FastifyReply } from 'fastify'
import { contentSecurityPolicy, type Reach } from './guard-answers.js'

interface Frame {
  /** The built page. */
  readonly file: string
  /** The only origin that can frame the page. Without it, the page can only be opened in a tab. */
  readonly parent: string | undefined
  readonly reach: Reach
}

/**
 * Serves a page that only one origin can frame. The browser enforces this with `frame-ancestors`. The page reads the
 * origin from its `parent-origin` meta element, and exchanges messages with no other.
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
