import * as z from 'zod'
import { parseUrl } from './parse-url.js'

/** One parsed entry of an origin allowlist. */
export type AllowlistRule =
  | { readonly match: 'origin'; readonly origin: string }
  | { readonly match: 'one-label'; readonly suffix: string }
  | { readonly match: 'any-port'; readonly host: 'localhost' | '127.0.0.1' }

/** Long enough for a scheme, a host name of 253 characters (RFC 1035 section 2.3.4) and a port. */
const maxOriginLength = 300
const hostLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/**
 * Parses `https://shop.example`, `shop.example`, `*.shop.example` or `localhost:*`. Returns undefined for anything else.
 * Entries are normalized here, when they are saved, so requests don't have to do it.
 */
export function parseAllowlistEntry(entry: string): AllowlistRule | undefined {
  // parsing a host name that isn't ASCII takes quadratic time
  if (entry.length > maxOriginLength) return undefined
  const rule = parseEntry(entry)
  // a host name that isn't ASCII gets longer when it is normalized
  return rule && formatAllowlistRule(rule).length <= maxOriginLength ? rule : undefined
}

function parseEntry(entry: string): AllowlistRule | undefined {
  const localhost = /^(localhost|127\.0\.0\.1):\*$/i.exec(entry)
  if (localhost) return { match: 'any-port', host: localhost[1]?.toLowerCase() as 'localhost' | '127.0.0.1' }
  if (entry.startsWith('*.')) {
    const suffix = normalizeHost(entry.slice(2))
    return suffix?.includes('.') ? { match: 'one-label', suffix: `.${suffix}` } : undefined
  }
  if (!entry.includes('://')) {
    const host = normalizeHost(entry)
    return host ? { match: 'origin', origin: `https://${host}` } : undefined
  }
  const origin = normalizeOrigin(entry)
  return origin ? { match: 'origin', origin } : undefined
}

/** The normalized text of an entry. Parsing it again returns the same rule. */
export function formatAllowlistRule(rule: AllowlistRule): string {
  if (rule.match === 'one-label') return `*${rule.suffix}`
  return rule.match === 'any-port' ? `${rule.host}:*` : rule.origin
}

/** Whether any rule allows a request's Origin, compared byte for byte as sent. No rule allows `null`. */
export function allowsOrigin(rules: readonly AllowlistRule[], origin: string): boolean {
  return rules.some((rule) => {
    if (rule.match === 'origin') return origin === rule.origin
    if (rule.match === 'one-label') return matchesOneLabel(origin, rule.suffix)
    return isLocal(origin, rule.host)
  })
}

/** Whether a value is an http(s) origin exactly as a browser serializes it (RFC 6454 section 6.2). */
export function isHttpOrigin(value: string): boolean {
  if (value.length > maxOriginLength || !/^https?:\/\/[^/?#@\\\s]+$/.test(value)) return false
  return parseUrl(value)?.origin === value
}

/** An allowlist entry in a fixture or an admin request. */
export const AllowlistEntry = z
  .string()
  .max(maxOriginLength)
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
  // browsers reject some labels that match the pattern, such as xn--a
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

function normalizeHost(host: string): string | undefined {
  // sandboxed pages send "null" as their Origin, so no host may have that name
  if (host.toLowerCase() === 'null') return undefined
  if (!/^[^/?#@\\\s:[\]*%]+$/.test(host)) return undefined
  const hostname = parseUrl(`https://${host}`)?.hostname
  return hostname?.split('.').every((label) => hostLabel.test(label)) ? hostname : undefined
}

function normalizeOrigin(entry: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\\\s*%]+\/?$/i.test(entry)) return undefined
  const origin = parseUrl(entry)?.origin
  return origin !== undefined && isHttpOrigin(origin) ? origin : undefined
}
