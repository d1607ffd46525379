import type { FastifyInstance } from 'fastify'

/** The paths at which the site shows a page of its own; one document serves them all. */
const paths = ['/pay', '/chat', '/card', '/own', '/console'] as const

export function servePages(app: FastifyInstance): void {
  for (const path of paths) app.get(path, (_, reply) => reply.sendFile('index.html'))
}
