import { createHash, timingSafeEqual } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { RequestHeaders } from '../execute/call.js'

export interface MetricsPolicy {
  /** The bearer token that a collector sends. If undefined, only this machine may read the metrics. */
  readonly token: string | undefined
  /** Whether a request over the loopback interface counts as coming from this machine. */
  readonly trustLoopback: boolean
}

export interface MetricsRequest {
  readonly remoteAddress: string | undefined
  readonly headers: RequestHeaders
}

/** Why the caller may not read the metrics. Undefined if it may. */
export function refuseMetrics(
  policy: MetricsPolicy,
  request: MetricsRequest,
): 'not_found' | 'unauthenticated' | undefined {
  if (policy.token === undefined) return policy.trustLoopback && isFromHere(request) ? undefined : 'not_found'
  return isSame(bearerOf(request.headers), policy.token) ? undefined : 'unauthenticated'
}

const forwarded = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']

/**
 * Both the connection and the Host must be loopback: a proxy on this machine forwards requests from anywhere, and any
 * web page can have a name that resolves to this machine.
 */
function isFromHere({ remoteAddress = '', headers }: MetricsRequest): boolean {
  if (!isLoopback(remoteAddress) || forwarded.some((name) => headers.count(name) > 0)) return false
  return headers.count('host') === 1 && isLoopbackHost(headers.get('host') ?? '')
}

/** An address or `localhost`, with or without a port. */
function isLoopbackHost(host: string): boolean {
  const [, v6, name = ''] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d+)?$/i.exec(host) ?? []
  return name.toLowerCase() === 'localhost' || isLoopback(v6 ?? name)
}

/** Accepts four-part addresses only: some programs take `127.1` for a name. */
function isLoopback(address: string): boolean {
  if (!ipaddr.IPv6.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return false
  return ipaddr.process(address).range() === 'loopback'
}

const bearerOf = (headers: RequestHeaders) => /^bearer (.*)$/is.exec(headers.get('authorization') ?? '')?.[1] ?? ''

function isSame(presented: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(presented), digest(expected))
}
