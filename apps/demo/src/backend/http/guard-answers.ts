import type { FastifyInstance } from 'fastify'

/** The other origins that a site's pages can reach. */
export interface Reach {
  /** Origins that pages can call. */
  readonly connect?: readonly string[]
  /** Origins that pages can show in frames. */
  readonly frame?: readonly string[]
}

/** Adds security headers to every response. Pages can load and call their own site and the origins in `reach`, and nothing inline. */
export function guardAnswers(app: FastifyInstance, reach: () => Reach): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'Content-Security-Policy': contentSecurityPolicy(reach(), []),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    })
    if (request.url.startsWith('/api/')) reply.header('Cache-Control', 'no-store')
  })
}

/** The Content-Security-Policy of a page that only `ancestors` can frame. */
export function contentSecurityPolicy({ connect = [], frame = [] }: Reach, ancestors: readonly string[]): string {
  return [
    "default-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    `frame-src ${frame.length > 0 ? frame.join(' ') : "'none'"}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors.length > 0 ? ancestors.join(' ') : "'none'"}`,
  ].join('; ')
}
