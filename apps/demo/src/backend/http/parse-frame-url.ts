import { isHttpOrigin } from '@hallpass/contracts'
import type { FastifyRequest } from 'fastify'

/** A page that wants to show a widget, as far as its URL says: one origin, or two where the protocol is not named. */
export type ParentCandidates = readonly string[]

/**
 * The page that opens the bridge widget, out of the widget's URL as the official clients write it:
 * `/?parentOriginURL=<host[:port]>&parentOriginProtocol=http|https`, before that `/<host[:port]>/`. Empty when it names none.
 */
export function parseBridgeParent(path: string, query: URLSearchParams): ParentCandidates {
  const named = query.getAll('parentOriginURL')
  const protocols = query.getAll('parentOriginProtocol')
  if (path === '/') {
    const [host] = named
    if (host === undefined || named.length > 1 || protocols.length > 1) return []
    return originsOf(host, protocols.length === 1 ? protocols : ['https', 'http'])
  }
  const segment = /^\/([^/]+)\/?$/.exec(path)?.[1]
  return segment === undefined ? [] : originsOf(decode(segment), ['https', 'http'])
}

/** The page that opens one of the demo's own widgets: `?parent=<origin>`. */
export function parseParent(query: URLSearchParams): ParentCandidates {
  const [origin, ...others] = query.getAll('parent')
  return origin !== undefined && others.length === 0 && isOrigin(origin) ? [origin] : []
}

/** A request's URL; only its path and query mean anything. */
export const urlOf = (request: FastifyRequest): URL => new URL(request.url, 'http://frame.invalid')

const originsOf = (host: string, protocols: readonly string[]) =>
  protocols.map((protocol) => `${protocol}://${host}`).filter(isOrigin)

/** A URL's host may hold a quote or a semicolon, which would mean something else in a policy: such an origin is none here. */
const isOrigin = (text: string) => isHttpOrigin(text) && /^https?:\/\/[a-z0-9._[\]:-]+$/.test(text)

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}
