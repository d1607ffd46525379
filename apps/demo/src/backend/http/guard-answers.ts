import type { FastifyInstance } from 'fastify'

/** Where a site's pages may reach, beside themselves. */
export interface Reach {
  /** Origins they may call. */
  readonly connect?: readonly string[]
  /** Origins they may show in frames. */
  readonly frame?: readonly string[]
}

/** Puts a page's policy on every answer: files and calls of its own and what is named, nothing inline, nothing else. */
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

/** The policy of a page that these origins, and no other, may show in a frame. */
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
