import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import { HallpassError } from '../errors.js'
import { writeResponse } from './response.js'
import { refuseRequest } from './unknown-routes.js'

interface Needs {
  readonly metrics: { readonly read: () => Promise<string> }
  /** What an operator's collector sends as a bearer token; without one, only this machine may ask. */
  readonly metricsToken: string | undefined
}

const metricsPath = '/metrics'

/** Prometheus' text format, for operators only. To anybody else there is nothing here. */
export function registerMetrics(app: FastifyInstance, { metrics, metricsToken }: Needs): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: metricsPath,
    async handler(request, reply) {
      if (metricsToken === undefined && !isFromHere(request)) {
        return refuseRequest(request, reply, new HallpassError('not_found', 'There is nothing at this path.'))
      }
      if (metricsToken !== undefined && !isSame(bearerOf(request), metricsToken)) {
        return refuseRequest(request, reply, new HallpassError('unauthenticated', 'Missing or invalid metrics token.'))
      }
      return writeResponse(request, reply, {
        status: 200,
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' },
        body: await metrics.read(),
      })
    },
  })
}

const forwarded = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']

/** Over the loopback interface, and not through a proxy that stands there for others. */
function isFromHere({ socket, inbound }: FastifyRequest): boolean {
  const { remoteAddress = '' } = socket
  if (!ipaddr.isValid(remoteAddress) || forwarded.some((name) => inbound.headers.count(name) > 0)) return false
  return ipaddr.process(remoteAddress).range() === 'loopback'
}

const bearerOf = ({ inbound }: FastifyRequest) =>
  /^bearer (.*)$/is.exec(inbound.headers.get('authorization') ?? '')?.[1] ?? ''

function isSame(presented: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(presented), digest(expected))
}
