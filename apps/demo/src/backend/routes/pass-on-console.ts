import type { FastifyInstance } from 'fastify'
import type { Addresses } from '../addresses.js'

/**
 * Passes the console's calls on to Hallpass, whose administration is closed to pages. Adds nothing and keeps nothing: the
 * operator's key goes through as it came, and no other operation does.
 */
export function passOnConsole(app: FastifyInstance, addresses: Pick<Addresses, 'hallpassUrl'>): void {
  app.route<{ Params: { operation: string } }>({
    method: ['GET', 'POST'],
    url: '/api/console/trpc/:operation',
    handler: async (request, reply) => {
      const { operation } = request.params
      if (!/^admin\.[A-Za-z.]+$/.test(operation)) return reply.callNotFound()
      const { search } = new URL(request.url, addresses.hallpassUrl)
      const { authorization } = request.headers
      const answer = await fetch(`${addresses.hallpassUrl}/trpc/${operation}${search}`, {
        method: request.method,
        headers: {
          ...(authorization === undefined ? {} : { Authorization: authorization }),
          ...(request.method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
        },
        ...(request.method === 'POST' ? { body: JSON.stringify(request.body) } : {}),
      })
      return reply
        .status(answer.status)
        .type('application/json')
        .send(await answer.text())
    },
  })
}
