import { isHttpOrigin } from '@hallpass/contracts'
import type { FastifyRequest } from 'fastify'

/** The possible origins of the page that embeds a widget: one, or two if the URL doesn't name the protocol. */
export type ParentCandidates = readonly string[]

/**
 * Finds the page that opens the bridge widget in the URL that the official clients use:
 * `/?parentOriginURL=<host[:port]>&parentOriginProtocol=http|https`, or `/<host[:port]>/` in older versions.
 * Returns an empty list if the URL names no valid page.
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

/** Finds the page that opens one of the demo's own widgets: `?parent=<origin>`. */
export function parseParent(query: URLSearchParams): ParentCandidates {
  const [origin, ...others] = query.getAll('parent')
  return origin !== undefined && others.length === 0 && isOrigin(origin) ? [origin] : []
}

/** A request's URL, of which only the path and query are meaningful. */
export const urlOf = (request: FastifyRequest): URL => new URL(request.url, 'http://frame.invalid')

const originsOf = (host: string, protocols: readonly string[]) =>
  protocols.map((protocol) => `${protocol}://${host}`).filter(isOrigin)

/** Also rejects hosts that contain a quote or a semicolon, which have a meaning in a Content-Security-Policy. */
const isOrigin = (text: string) => isHttpOrigin(text) && /^https?:\/\/[a-z0-9._[\]:-]+$/.test(text)

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}
