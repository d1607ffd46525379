import * as z from 'zod'
import { appSchemes, isAppOrigin, isHttpOrigin, maxOriginLength } from './page-origin.js'
import { parseUrl } from './parse-url.js'

/** One parsed entry of an origin allowlist. */
export type AllowlistRule =
  | { readonly match: 'origin'; readonly origin: string }
  | { readonly match: 'one-label'; readonly suffix: string }
  | { readonly match: 'any-port'; readonly host: 'localhost' | '127.0.0.1' }

const hostLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/**
 * Parses `https://shop.example`, `shop.example`, `*.shop.example`, `localhost:*` or the origin of an app, such as
 * `capacitor://localhost`. Returns undefined for anything else.
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

const entryHint =
  'must look like https://shop.example, shop.example, *.shop.example, localhost:* or 127.0.0.1:*, or be the origin of an ' +
  `app, such as capacitor://localhost (schemes: ${appSchemes.join(', ')})`

/** An allowlist entry in a fixture or an admin request. */
export const AllowlistEntry = z
  .string()
  .max(maxOriginLength)
  .transform((entry, ctx) => {
    const rule = parseAllowlistEntry(entry)
    if (rule) return formatAllowlistRule(rule)
    ctx.addIssue({
      code: 'custom',
      message: entryHint,
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
  const app = entry.replace(/^[^:]*/, (scheme) => scheme.toLowerCase()).replace(/\/$/, '')
  if (isAppOrigin(app)) return app
  if (!/^https?:\/\/[^/?#@\\\s*%]+\/?$/i.test(entry)) return undefined
  const origin = parseUrl(entry)?.origin
  return origin !== undefined && isHttpOrigin(origin) ? origin : undefined
}
