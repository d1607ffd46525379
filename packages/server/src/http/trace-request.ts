import { type Operation, operations } from '@hallpass/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { BeginTrace, Trace } from '../tracing/tracing.js'
import { routeOf } from './rest.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace that the request belongs to, if there is one. */
    trace: Trace | undefined
  }
}

/** The routes of operations. Probes, pages and public documents are not worth a trace. */
const routes: ReadonlySet<string | undefined> = new Set([
  ...Object.values<Operation>(operations).flatMap(({ paths }) => paths.map(routeOf)),
  '/trpc/*',
])

export function beginRequest(request: FastifyRequest, begin: BeginTrace): Trace | undefined {
  const { method, routeOptions, inbound } = request
  const { url } = routeOptions
  if (url === undefined || !routes.has(url) || method === 'OPTIONS') return undefined
  return begin(inbound.headers, `${method} ${url}`, { 'http.request.method': method, 'http.route': url })
}

export function endRequest({ trace }: FastifyRequest, { statusCode }: FastifyReply): void {
  if (!trace?.span) return
  trace.span.set({ 'http.response.status_code': statusCode })
  if (statusCode >= 500) trace.span.fail(`${statusCode}`)
  trace.span.end()
}
