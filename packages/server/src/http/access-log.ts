import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Outcome } from '../execute/outcome.js'
import { isShed } from '../overload/shed-calls.js'

/** Which requests get a line in the log. */
export const accessLogs = ['off', 'sampled', 'all'] as const
export type AccessLog = (typeof accessLogs)[number]

/** Lines in a second, if they are sampled. */
const sampledPerSecond = 10

interface Deps {
  readonly log: Pick<Logger, 'info' | 'error' | 'isLevelEnabled'>
  readonly accessLog: AccessLog
  readonly clock: { readonly now: () => number }
}

/** A call of a request: the id of its operation, and the caller's account if it is known. */
interface LoggedCall {
  readonly operation: string
  readonly accountId: string | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The calls that were executed. A batch has several. */
    calls: LoggedCall[] | undefined
  }
}

/** Notes a call for the log line of its request. */
export function noteCall(request: FastifyRequest, operation: string, outcome: Outcome): void {
  if ('error' in outcome && isShed(outcome.error)) return
  const { accountId } = outcome
  request.calls ??= []
  request.calls.push({ operation, accountId })
}

/**
 * One line for each request: ids, route and outcome. Never a URL, a header or a body, which could contain secrets. A
 * response of 500 or more always has its line. A line costs 15 µs, which a busy server can save by `sampled`.
 */
export function createAccessLog({ log, accessLog, clock }: Deps) {
  const isLogged = log.isLevelEnabled('info')
  const isDue = accessLog === 'sampled' ? createSampler(clock.now) : () => accessLog === 'all'
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const isFailure = reply.statusCode >= 500
    if (!isFailure && !(isLogged && isDue())) return
    const { refusal, inbound } = request
    if (isShed(refusal) && !request.calls) return
    const line = {
      request_id: inbound.requestId,
      ...(request.trace ? { trace_id: request.trace.id } : {}),
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      ...describeCalls(request.calls),
      ...(refusal ? { reason: refusal.publicReason } : {}),
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    }
    if (isFailure) log.error({ ...line, cause: refusal?.details.cause }, 'Request failed.')
    else log.info(line, 'request')
  }
}

/** The calls of a batch usually have the same account, and often the same operation. */
function describeCalls(calls: readonly LoggedCall[] | undefined) {
  if (!calls) return {}
  const listOf = (values: readonly (string | undefined)[]) => [...new Set(values)].filter(Boolean).join(',')
  const account = listOf(calls.map(({ accountId }) => accountId))
  return { operation: listOf(calls.map(({ operation }) => operation)), ...(account === '' ? {} : { account }) }
}

/** True for the first requests of each second. */
function createSampler(now: () => number): () => boolean {
  let second = 0
  let count = 0
  return () => {
    const current = Math.floor(now() / 1000)
    if (current !== second) [second, count] = [current, 0]
    return ++count <= sampledPerSecond
  }
}
