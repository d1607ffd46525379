import * as z from 'zod'
import { type AllowlistRule, allowsOrigin, formatAllowlistRule, isHttpOrigin } from '../allowlist.js'
import { parseUrl } from '../parse-url.js'

/** Whether an origin is let in, and why, in words for who keeps the allowlist. */
export const OriginVerdict = z.object({
  origin: z.string(),
  allowed: z.boolean(),
  entry: z.string().optional().describe('The entry that lets it in, or the one that comes nearest'),
  explanation: z.string(),
})
export type OriginVerdict = z.infer<typeof OriginVerdict>

/** A near miss; the lower, the nearer. */
interface Miss {
  readonly distance: number
  readonly entry: string
  readonly explanation: string
}

/** Says which entry of an allowlist lets an origin in or, where none does, what keeps the nearest from it. */
export function explainOrigin(rules: readonly AllowlistRule[], origin: string): OriginVerdict {
  if (!isHttpOrigin(origin)) return { origin, allowed: false, explanation: whyNoOrigin(origin) }
  const rule = rules.find((one) => allowsOrigin([one], origin))
  if (rule) {
    const entry = formatAllowlistRule(rule)
    return { origin, allowed: true, entry, explanation: `The entry ${entry} lets it in.` }
  }
  if (rules.length === 0) return { origin, allowed: false, explanation: 'The allowlist is empty, so nobody is let in.' }
  const [nearest] = rules.flatMap((one) => missOf(one, new URL(origin))).toSorted((a, b) => a.distance - b.distance)
  if (!nearest) return { origin, allowed: false, explanation: `No entry comes near it; to let it in, add ${origin}.` }
  return { origin, allowed: false, entry: nearest.entry, explanation: nearest.explanation }
}

function whyNoOrigin(text: string): string {
  if (text === 'null') {
    return 'null is what sandboxed frames, files and data: pages send as their Origin; it is never let in. In an iframe, sandbox needs allow-same-origin.'
  }
  const meant = parseUrl(text)?.origin ?? 'null'
  const hint = meant === 'null' ? 'such as https://shop.example' : `which here is ${meant}`
  return `It is not an origin as a browser sends it: scheme, host and port, in lower case, without a path; ${hint}.`
}

function missOf(rule: AllowlistRule, page: URL): Miss[] {
  const entry = formatAllowlistRule(rule)
  const miss = (distance: number, explanation: string): Miss[] => [{ distance, entry, explanation }]
  if (rule.match === 'any-port') {
    if (!isLoopback(page.hostname)) return []
    return miss(2, `${entry} lets in ${rule.host} by that name only; ${page.hostname} needs an entry of its own.`)
  }
  if (rule.match === 'one-label') return missOfWildcard(rule.suffix, page, miss)
  const allowed = new URL(rule.origin)
  if (allowed.hostname === page.hostname) {
    if (allowed.protocol !== page.protocol)
      return miss(1, `${entry} is by ${schemeOf(allowed)}; the page is by ${schemeOf(page)}.`)
    return miss(1, `${entry} is on port ${portOf(allowed)}; the page is on port ${portOf(page)}.`)
  }
  if (page.hostname === `${allowed.hostname}.`) return miss(1, 'A name with a dot at its end is another name.')
  if (page.hostname.endsWith(`.${allowed.hostname}`)) {
    return miss(3, `${entry} does not include names below it; *.${allowed.hostname} would let in those of one label.`)
  }
  if (allowed.hostname.endsWith(`.${page.hostname}`))
    return miss(4, `${entry} is a name below ${page.hostname}, not that name.`)
  return []
}

function missOfWildcard(suffix: string, page: URL, miss: (distance: number, explanation: string) => Miss[]): Miss[] {
  const host = page.hostname
  if (`.${host}` === suffix) return miss(2, `*${suffix} does not include ${host} itself; add ${host}.`)
  if (!host.endsWith(suffix)) return []
  const labels = host.slice(0, -suffix.length).split('.').length
  if (labels > 1) return miss(2, `The * of *${suffix} stands for exactly one label; here are ${labels} of them.`)
  if (page.protocol !== 'https:') return miss(1, `*${suffix} is by https; the page is by http.`)
  if (page.port !== '') return miss(1, `*${suffix} is on the default port; the page is on port ${page.port}.`)
  return miss(2, `The * of *${suffix} stands for letters, digits and hyphens.`)
}

const isLoopback = (host: string) => host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
const schemeOf = ({ protocol }: URL) => protocol.slice(0, -1)
const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? '443' : '80')
