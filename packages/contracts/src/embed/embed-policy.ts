import * as z from 'zod'
import { type AllowlistRule, formatAllowlistRule } from '../allowlist.js'
import { exposedHeaders } from '../core/headers.js'
import { isPageOrigin } from '../page-origin.js'
import { explainOrigin, OriginVerdict } from './explain-origin.js'

/** The input of {@link embedPolicy}. */
export interface EmbedPolicyInput {
  readonly rules: readonly AllowlistRule[]
  /** The public origin of the service. */
  readonly service: string
  /** The origins that serve widgets. */
  readonly widgetOrigins: readonly string[]
  /** The origin to check, exactly as a browser would send it. */
  readonly origin?: string | undefined
}

/** The headers and attributes with which a widget works on the allowed pages and nowhere else. */
export const EmbedPolicy = z.object({
  frame_ancestors: z
    .string()
    .describe("For the widget's own page: the directive that lists the pages that can frame it"),
  frame_ancestors_differs: z
    .array(
      z.object({
        entry: z.string().describe('The allowlist entry'),
        how: z.string().describe('How the directive differs from it'),
      }),
    )
    .describe(
      'Entries for which the directive allows more or less than the allowlist. Tokens always follow the allowlist',
    ),
  host_csp: z
    .array(z.string())
    .describe('For the host page: directives to add to its Content-Security-Policy, if it has one'),
  iframe: z
    .object({
      sandbox: z.string().describe('The attribute sandbox: what the widget may do'),
      allow: z.string().describe('The attribute allow: the browser features that the widget may use'),
      referrerpolicy: z.string().describe('The attribute referrerpolicy'),
    })
    .describe('The attributes of the iframe'),
  cors: z.record(z.string(), z.string()).describe('CORS headers that a page of this origin receives'),
  origin: OriginVerdict.optional().describe('Whether the given origin is allowed'),
})
export type EmbedPolicy = z.infer<typeof EmbedPolicy>

/** Without `allow-same-origin`, a widget's Origin is `null`, so it gets no token. */
const iframeSandbox = 'allow-scripts allow-same-origin allow-forms allow-popups'

export function embedPolicy({ rules, service, widgetOrigins, origin }: EmbedPolicyInput): EmbedPolicy {
  const verdict = origin === undefined ? undefined : explainOrigin(rules, origin)
  return {
    // a known page is listed alone, which is more exact than any wildcard
    frame_ancestors: frameAncestors(verdict?.allowed ? [{ match: 'origin', origin: verdict.origin }] : rules),
    frame_ancestors_differs: verdict?.allowed ? [] : rules.flatMap(differenceOf),
    host_csp: [`frame-src ${sources(widgetOrigins, service)}`, `script-src ${service}`, `connect-src ${service}`],
    iframe: { sandbox: iframeSandbox, allow: '', referrerpolicy: 'origin' },
    cors: corsAnswer(origin),
    ...(verdict ? { origin: verdict } : {}),
  }
}

/**
 * Allows any valid origin to read the response, including refusals: the allowlist decides who gets a token, not CORS.
 * Never `*`, never `null`, never with credentials.
 */
export function corsAnswer(origin: string | undefined): Record<string, string> {
  if (origin === undefined || !isPageOrigin(origin)) return {}
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': exposedHeaders.join(', ') }
}

/** The `frame-ancestors` directive of an allowlist (CSP 3 section 6.4.2). */
export function frameAncestors(rules: readonly AllowlistRule[]): string {
  const found = rules.flatMap(frameSourcesOf)
  return `frame-ancestors ${found.length === 0 ? "'none'" : [...new Set(found)].join(' ')}`
}

function frameSourcesOf(rule: AllowlistRule): string[] {
  if (rule.match === 'any-port') return [`http://${rule.host}:*`, `https://${rule.host}:*`]
  if (rule.match === 'one-label') return [`https://*${rule.suffix}`]
  // the CSP grammar doesn't allow IPv6 addresses
  return rule.origin.includes('[') ? [] : [rule.origin]
}

function differenceOf(rule: AllowlistRule): { entry: string; how: string }[] {
  const how = describeDifference(rule)
  return how === undefined ? [] : [{ entry: formatAllowlistRule(rule), how }]
}

function describeDifference(rule: AllowlistRule): string | undefined {
  if (rule.match === 'one-label') {
    return 'The entry matches one label; a wildcard in frame-ancestors matches any number of labels.'
  }
  if (rule.match === 'any-port') return undefined
  if (rule.origin.includes('['))
    return 'frame-ancestors cannot name an IPv6 address, so pages there cannot frame the widget.'
  if (/^https?:\/\/\d+\.\d+\.\d+\.\d+(:|$)/.test(rule.origin) && !rule.origin.includes('//127.0.0.1')) {
    return 'According to the CSP specification, the only IPv4 address that frame-ancestors matches is 127.0.0.1. Some browsers match others too.'
  }
  if (rule.origin.startsWith('http://'))
    return 'In frame-ancestors, an http source also allows the same host over https.'
  return undefined
}

const sources = (origins: readonly string[], fallback: string) => (origins.length === 0 ? fallback : origins.join(' '))
