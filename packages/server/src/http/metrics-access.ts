import { createHash, timingSafeEqual } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { RequestHeaders } from '../execute/call.js'

export interface MetricsPolicy {
  /** The bearer token that a collector sends. Without one, only this machine may ask. */
  readonly token: string | undefined
  /** Whether a request over the loopback interface may count as this machine's own. */
  readonly trustLoopback: boolean
}

export interface MetricsRequest {
  readonly remoteAddress: string | undefined
  readonly headers: RequestHeaders
}

/** Why the caller may not read the metrics; undefined if it may. */
export function refuseMetrics(
  policy: MetricsPolicy,
  request: MetricsRequest,
): 'not_found' | 'unauthenticated' | undefined {
  if (policy.token === undefined) return policy.trustLoopback && isFromHere(request) ? undefined : 'not_found'
  return isSame(bearerOf(request.headers), policy.token) ? undefined : 'unauthenticated'
}

const forwarded = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']

/**
 * Over the loopback interface, and for it: a proxy on this machine forwards strangers from there, and a web page that
 * was loaded from anywhere can have its name resolved to it.
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

/** Four-part addresses only: `127.1` is a name to some. */
function isLoopback(address: string): boolean {
  if (!ipaddr.IPv6.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return false
  return ipaddr.process(address).range() === 'loopback'
}

const bearerOf = (headers: RequestHeaders) => /^bearer (.*)$/is.exec(headers.get('authorization') ?? '')?.[1] ?? ''

function isSame(presented: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(presented), digest(expected))
}
