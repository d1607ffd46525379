import type { FastifyInstance } from 'fastify'

/** The paths of the site's pages, which all get the same document. */
const paths = ['/pay', '/chat', '/card', '/own', '/console'] as const

export function servePages(app: FastifyInstance): void {
  for (const path of paths) app.get(path, (_, reply) => reply.sendFile('index.html'))
}
