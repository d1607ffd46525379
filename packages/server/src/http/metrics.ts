import type { FastifyInstance } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { type MetricsPolicy, refuseMetrics } from './metrics-access.js'
import { writeResponse } from './response.js'
import { refuseRequest } from './unknown-routes.js'

interface Deps {
  readonly metrics: { readonly read: () => Promise<string> }
  /** Undefined if the metrics have their own listener, so nothing is served here. */
  readonly metricsPolicy: MetricsPolicy | undefined
}

export const metricsPath = '/metrics'
export const metricsHeaders = {
  'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
  'Cache-Control': 'no-store',
}

/** Prometheus' text format, for operators only. Anyone else gets a 404. */
export function registerMetrics(app: FastifyInstance, { metrics, metricsPolicy }: Deps): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: metricsPath,
    async handler(request, reply) {
      const { remoteAddress } = request.socket
      const { headers } = request.inbound
      const reason = metricsPolicy ? refuseMetrics(metricsPolicy, { remoteAddress, headers }) : 'not_found'
      if (reason === 'not_found') {
        return refuseRequest(request, reply, new HallpassError(reason, messages.nothingAtPath))
      }
      if (reason === 'unauthenticated') {
        return refuseRequest(request, reply, new HallpassError(reason, messages.invalidMetricsToken))
      }
      return writeResponse(request, reply, { status: 200, headers: metricsHeaders, body: await metrics.read() })
    },
  })
}
