import type { FastifyInstance } from 'fastify'
import { type HttpResponse, writeResponse } from './response.js'

/** Whether the server can accept requests now. */
export type Readiness = () => Promise<boolean>

/** `live`: the process responds. `ready`: the database responds too, and the server isn't stopping. */
export function registerHealth(app: FastifyInstance, isReady: Readiness): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/health/live',
    handler: async (request, reply) => writeResponse(request, reply, health(200, 'live')),
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/health/ready',
    handler: async (request, reply) =>
      writeResponse(request, reply, (await isReady()) ? health(200, 'ready') : health(503, 'not ready')),
  })
}

function health(status: 200 | 503, word: string): HttpResponse {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  return {
    status,
    headers: status === 503 ? { ...headers, 'Retry-After': '1' } : headers,
    body: JSON.stringify({ status: word }),
  }
}
