import type { FastifyInstance } from 'fastify'

/** Puts the page's policy on every answer: files of its own, calls to itself and to Hallpass, nothing else. */
export function guardAnswers(app: FastifyInstance, hallpassUrl: string): void {
  const headers = {
    'Content-Security-Policy': [
      "default-src 'self'",
      `connect-src 'self' ${hallpassUrl}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  }
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers)
    if (request.url.startsWith('/api/')) reply.header('Cache-Control', 'no-store')
  })
}
