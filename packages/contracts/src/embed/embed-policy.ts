import * as z from 'zod'
import { type AllowlistRule, formatAllowlistRule, isHttpOrigin } from '../allowlist.js'
import { exposedHeaders } from '../core/headers.js'
import { explainOrigin, OriginVerdict } from './explain-origin.js'

/** What an embed policy is made from. */
export interface EmbedPolicyInput {
  readonly rules: readonly AllowlistRule[]
  /** Where pages reach the service. */
  readonly service: string
  /** Where widgets are served from. */
  readonly widgetOrigins: readonly string[]
  /** A page that is asked about, byte for byte as a browser would send it. */
  readonly origin?: string | undefined
}

/** What a widget's page, and the pages around it, have to say for a widget to work where it should and nowhere else. */
export const EmbedPolicy = z.object({
  frame_ancestors: z.string().describe("For the widget's own page: the directive that says who may frame it"),
  frame_ancestors_differs: z
    .array(z.object({ entry: z.string(), how: z.string() }))
    .describe('Where the directive lets in more, or less, than the allowlist, which decides over tokens in any case'),
  host_csp: z.array(z.string()).describe('For the page around: directives that its own policy needs, where it has one'),
  iframe: z.object({ sandbox: z.string(), allow: z.string(), referrerpolicy: z.string() }),
  cors: z.record(z.string(), z.string()).describe('Headers that the service answers a page of this origin with'),
  origin: OriginVerdict.optional().describe('Whether the origin that was asked about is let in'),
})
export type EmbedPolicy = z.infer<typeof EmbedPolicy>

/** Without `allow-same-origin` a widget has no origin of its own, and gets no token. */
const iframeSandbox = 'allow-scripts allow-same-origin allow-forms allow-popups'

export function embedPolicy({ rules, service, widgetOrigins, origin }: EmbedPolicyInput): EmbedPolicy {
  const asked = origin === undefined ? undefined : explainOrigin(rules, origin)
  return {
    // a page that is known is named alone: no wildcard is as exact
    frame_ancestors: frameAncestors(asked?.allowed ? [{ match: 'origin', origin: asked.origin }] : rules),
    frame_ancestors_differs: asked?.allowed ? [] : rules.flatMap(differenceOf),
    host_csp: [`frame-src ${sources(widgetOrigins, service)}`, `script-src ${service}`, `connect-src ${service}`],
    iframe: { sandbox: iframeSandbox, allow: '', referrerpolicy: 'origin' },
    cors: corsAnswer(origin),
    ...(asked ? { origin: asked } : {}),
  }
}

/**
 * Lets any well-formed page read the answer, refusals included: who may have a token is decided by the allowlist, not here.
 * Never `*`, never `null`, never credentials (wire 2).
 */
export function corsAnswer(origin: string | undefined): Record<string, string> {
  if (origin === undefined || !isHttpOrigin(origin)) return {}
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
  // the grammar of CSP has no place for the colons of an IPv6 address
  return rule.origin.includes('[') ? [] : [rule.origin]
}

function differenceOf(rule: AllowlistRule): { entry: string; how: string }[] {
  const how = howItDiffers(rule)
  return how === undefined ? [] : [{ entry: formatAllowlistRule(rule), how }]
}

function howItDiffers(rule: AllowlistRule): string | undefined {
  if (rule.match === 'one-label') {
    return 'The entry means one label; in frame-ancestors a wildcard means any number of them.'
  }
  if (rule.match === 'any-port') return undefined
  if (rule.origin.includes('['))
    return 'frame-ancestors cannot name an IPv6 address, so pages there cannot frame the widget.'
  if (/^https?:\/\/\d+\.\d+\.\d+\.\d+(:|$)/.test(rule.origin) && !rule.origin.includes('//127.0.0.1')) {
    return 'By the letter of CSP, frame-ancestors matches no IPv4 address but 127.0.0.1; not every browser holds to it.'
  }
  if (rule.origin.startsWith('http://')) return 'In frame-ancestors an http source lets in the same host by https too.'
  return undefined
}

const sources = (origins: readonly string[], otherwise: string) =>
  origins.length === 0 ? otherwise : origins.join(' ')
