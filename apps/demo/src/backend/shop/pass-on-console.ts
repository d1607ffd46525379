import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { BackendAnswer } from '../../shared/backend-api.js'
import type { Addresses } from '../addresses.js'

/** The headers to forward: the operator's key and the idempotency key. */
const passedHeaders = ['authorization', 'idempotency-key'] as const

/**
 * Forwards the console's calls to Hallpass, because pages can't call the admin API directly. Forwards admin operations
 * only, adds nothing, and stores nothing.
 */
export function passOnConsole(app: FastifyInstance, addresses: Pick<Addresses, 'hallpassUrl'>): void {
  app.route<{ Params: { operation: string } }>({
    method: ['GET', 'POST'],
    url: '/api/console/trpc/:operation',
    handler: async (request, reply) => {
      const { operation } = request.params
      if (!/^admin\.[A-Za-z.]+$/.test(operation)) return reply.callNotFound()
      const { search } = new URL(request.url, addresses.hallpassUrl)
      // a 502 lets the console's client retry if that is safe
      const answer = await fetch(`${addresses.hallpassUrl}/trpc/${operation}${search}`, initOf(request)).catch(
        () => undefined,
      )
      if (!answer) return reply.status(502).send(unreachable)
      const retryAfter = answer.headers.get('Retry-After')
      if (retryAfter !== null) reply.header('Retry-After', retryAfter)
      return reply
        .status(answer.status)
        .type('application/json')
        .send(await answer.text())
    },
  })
}

function initOf({ method, headers, body }: FastifyRequest): RequestInit {
  const passed = new Headers()
  for (const name of passedHeaders) {
    const value = headers[name]
    if (typeof value === 'string') passed.set(name, value)
  }
  if (method !== 'POST') return { method, headers: passed }
  passed.set('Content-Type', 'application/json')
  return { method, headers: passed, body: JSON.stringify(body) }
}

const unreachable: BackendAnswer<never> = {
  refusal: { reason: 'network', message: 'Hallpass could not be reached.' },
  calls: [],
}
