import * as z from 'zod'
import { parseUrl } from './parse-url.js'

/** One parsed entry of an origin allowlist (wire 2). */
export type AllowlistRule =
  | { readonly match: 'origin'; readonly origin: string }
  | { readonly match: 'one-label'; readonly suffix: string }
  | { readonly match: 'any-port'; readonly host: 'localhost' | '127.0.0.1' }

/** A scheme, a host name of 253 letters (RFC 1035 section 2.3.4) and a port fit. */
const longestOrigin = 300
const hostLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/**
 * Parses `https://shop.example`, `shop.example`, `*.shop.example` or `localhost:*`; undefined when it is none of them.
 * Entries are normalised here, when they are saved, so that nothing has to be at request time.
 */
export function parseAllowlistEntry(entry: string): AllowlistRule | undefined {
  // reading a host name that is not ASCII costs the square of its length
  if (entry.length > longestOrigin) return undefined
  const rule = parseEntry(entry)
  // such a host name is longer once normalised
  return rule && formatAllowlistRule(rule).length <= longestOrigin ? rule : undefined
}

function parseEntry(entry: string): AllowlistRule | undefined {
  const localhost = /^(localhost|127\.0\.0\.1):\*$/i.exec(entry)
  if (localhost) return { match: 'any-port', host: localhost[1]?.toLowerCase() as 'localhost' | '127.0.0.1' }
  if (entry.startsWith('*.')) {
    const suffix = normalHost(entry.slice(2))
    return suffix?.includes('.') ? { match: 'one-label', suffix: `.${suffix}` } : undefined
  }
  if (!entry.includes('://')) {
    const host = normalHost(entry)
    return host ? { match: 'origin', origin: `https://${host}` } : undefined
  }
  const origin = serialisedOrigin(entry)
  return origin ? { match: 'origin', origin } : undefined
}

/** How an entry is written once saved; parsing it again gives the same rule. */
export function formatAllowlistRule(rule: AllowlistRule): string {
  if (rule.match === 'one-label') return `*${rule.suffix}`
  return rule.match === 'any-port' ? `${rule.host}:*` : rule.origin
}

/** Whether a request's Origin, byte for byte as it was sent, is let in by any of the rules. `null` never is. */
export function allowsOrigin(rules: readonly AllowlistRule[], origin: string): boolean {
  return rules.some((rule) => {
    if (rule.match === 'origin') return origin === rule.origin
    if (rule.match === 'one-label') return matchesOneLabel(origin, rule.suffix)
    return isLocal(origin, rule.host)
  })
}

/** Whether a value is an http(s) origin exactly as a browser serialises it (RFC 6454 section 6.2). */
export function isHttpOrigin(value: string): boolean {
  if (value.length > longestOrigin || !/^https?:\/\/[^/?#@\\\s]+$/.test(value)) return false
  return parseUrl(value)?.origin === value
}

/** An allowlist entry in a fixture or an administration call. */
export const AllowlistEntry = z
  .string()
  .max(longestOrigin)
  .transform((entry, ctx) => {
    const rule = parseAllowlistEntry(entry)
    if (rule) return formatAllowlistRule(rule)
    ctx.addIssue({
      code: 'custom',
      message: 'must look like https://shop.example, shop.example, *.shop.example, localhost:* or 127.0.0.1:*',
    })
    return z.NEVER
  })

function matchesOneLabel(origin: string, suffix: string): boolean {
  const scheme = 'https://'
  if (!origin.startsWith(scheme) || !origin.endsWith(suffix)) return false
  // a label may still be none that a browser takes (xn--a)
  return hostLabel.test(origin.slice(scheme.length, -suffix.length)) && isHttpOrigin(origin)
}

function isLocal(origin: string, host: string): boolean {
  for (const scheme of ['http://', 'https://']) {
    if (origin === `${scheme}${host}`) return true
    if (origin.startsWith(`${scheme}${host}:`)) return isPort(origin.slice(scheme.length + host.length + 1))
  }
  return false
}

const isPort = (port: string) => /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535

function normalHost(host: string): string | undefined {
  // what a sandboxed page sends as its Origin is nobody's name
  if (host.toLowerCase() === 'null') return undefined
  if (!/^[^/?#@\\\s:[\]*%]+$/.test(host)) return undefined
  const hostname = parseUrl(`https://${host}`)?.hostname
  return hostname?.split('.').every((label) => hostLabel.test(label)) ? hostname : undefined
}

function serialisedOrigin(entry: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\\\s*%]+\/?$/i.test(entry)) return undefined
  const origin = parseUrl(entry)?.origin
  return origin !== undefined && isHttpOrigin(origin) ? origin : undefined
}
