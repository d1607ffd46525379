import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Serves a built site. A new build has new names for its assets, and pages that name them. */
export function serveFiles(app: FastifyInstance, folder: string, options: { readonly index: boolean }): void {
  app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    // pages for frames are served by their own routes only, which say who may show them
    ...(options.index ? {} : { index: false, allowedPath: (path: string) => path.startsWith('/assets/') }),
    setHeaders: (response, path) =>
      response.header('Cache-Control', path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable'),
  })
}
