import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Serves a built site. Asset names contain a hash, so assets can be cached forever; pages can't. */
export function serveFiles(app: FastifyInstance, folder: string, options: { readonly index: boolean }): void {
  app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    // framed pages have their own routes, which set frame-ancestors
    ...(options.index ? {} : { index: false, allowedPath: (path: string) => path.startsWith('/assets/') }),
    setHeaders: (response, path) =>
      response.header('Cache-Control', path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable'),
  })
}
