import * as z from 'zod'
import { type AllowlistRule, allowsOrigin, formatAllowlistRule } from '../allowlist.js'
import { appSchemes, isAppOrigin, isPageOrigin } from '../page-origin.js'
import { parseUrl } from '../parse-url.js'

/** Whether an allowlist allows an origin, with an explanation for the person who maintains the list. */
export const OriginVerdict = z.object({
  origin: z.string().describe('The origin that was checked'),
  allowed: z.boolean().describe('Whether the allowlist allows it'),
  entry: z.string().optional().describe('The entry that allows it, or the closest one'),
  explanation: z.string().describe('Why it is allowed or not, and what to add'),
})
export type OriginVerdict = z.infer<typeof OriginVerdict>

/** An entry that almost matches. The lower the distance, the closer. */
interface Miss {
  readonly distance: number
  readonly entry: string
  readonly explanation: string
}

/** Explains which entry allows an origin or, if no entry does, why the closest one doesn't match. */
export function explainOrigin(rules: readonly AllowlistRule[], origin: string): OriginVerdict {
  if (!isPageOrigin(origin)) return { origin, allowed: false, explanation: explainInvalidOrigin(origin) }
  const rule = rules.find((one) => allowsOrigin([one], origin))
  if (rule) {
    const entry = formatAllowlistRule(rule)
    return { origin, allowed: true, entry, explanation: `The entry ${entry} allows it.` }
  }
  if (rules.length === 0)
    return { origin, allowed: false, explanation: 'The allowlist is empty, so no origin is allowed.' }
  const [nearest] = rules.flatMap((one) => missOf(one, new URL(origin))).toSorted((a, b) => a.distance - b.distance)
  if (!nearest) return { origin, allowed: false, explanation: `No entry is close to it. To allow it, add ${origin}.` }
  return { origin, allowed: false, entry: nearest.entry, explanation: nearest.explanation }
}

function explainInvalidOrigin(text: string): string {
  if (text === 'null') {
    return 'Sandboxed frames, files and data: pages send null as their Origin, which is never allowed. Add allow-same-origin to the sandbox attribute of the iframe.'
  }
  const url = parseUrl(text)
  if (url && /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !/^https?:$/.test(url.protocol)) return explainScheme(url)
  const meant = url?.origin ?? 'null'
  const hint = meant === 'null' ? 'an origin such as https://shop.example' : meant
  return `It is not an origin as a browser sends it: scheme, host and port in lower case, without a path. Use ${hint}.`
}

function explainScheme({ protocol, host }: URL): string {
  const origin = `${protocol}//${host}`
  if (isAppOrigin(origin))
    return `It is not an origin as an app sends it: scheme and host, without a path. Use ${origin}.`
  return `Pages of the scheme ${protocol.slice(0, -1)} can't be allowed. Use http, https, or one of ${appSchemes.join(', ')}.`
}

function missOf(rule: AllowlistRule, page: URL): Miss[] {
  const entry = formatAllowlistRule(rule)
  const miss = (distance: number, explanation: string): Miss[] => [{ distance, entry, explanation }]
  const isApp = isAppOrigin(`${page.protocol}//${page.host}`)
  if (isApp && rule.match !== 'origin') {
    if (!entry.startsWith(`${page.hostname}:`)) return []
    return miss(2, `${entry} is for http and https, but the page uses ${schemeOf(page)}, which needs its own entry.`)
  }
  if (rule.match === 'any-port') {
    if (!isLoopback(page.hostname)) return []
    return miss(2, `${entry} allows ${rule.host} under that name only; ${page.hostname} needs its own entry.`)
  }
  if (rule.match === 'one-label') return missOfWildcard(rule.suffix, page, miss)
  const allowed = new URL(rule.origin)
  if (allowed.hostname === page.hostname) {
    if (allowed.protocol !== page.protocol)
      return miss(1, `${entry} is for ${schemeOf(allowed)}, but the page uses ${schemeOf(page)}.`)
    return miss(1, `${entry} is for port ${portOf(allowed)}, but the page is on port ${portOf(page)}.`)
  }
  if (page.hostname === `${allowed.hostname}.`) return miss(1, 'A host name with a trailing dot is a different name.')
  if (page.hostname.endsWith(`.${allowed.hostname}`)) {
    return miss(
      3,
      `${entry} does not include its subdomains; *.${allowed.hostname} would allow those with one more label.`,
    )
  }
  if (allowed.hostname.endsWith(`.${page.hostname}`))
    return miss(4, `${entry} is a subdomain of ${page.hostname}, which needs its own entry.`)
  return []
}

function missOfWildcard(suffix: string, page: URL, miss: (distance: number, explanation: string) => Miss[]): Miss[] {
  const host = page.hostname
  if (`.${host}` === suffix) return miss(2, `*${suffix} does not include ${host} itself; add ${host}.`)
  if (!host.endsWith(suffix)) return []
  const labels = host.slice(0, -suffix.length).split('.').length
  if (labels > 1) return miss(2, `The * in *${suffix} matches exactly one label; this name has ${labels}.`)
  if (page.protocol !== 'https:') return miss(1, `*${suffix} is for https, but the page uses http.`)
  if (page.port !== '') return miss(1, `*${suffix} is for the default port, but the page is on port ${page.port}.`)
  return miss(2, `The * in *${suffix} matches letters, digits and hyphens only.`)
}

const isLoopback = (host: string) => host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
const schemeOf = ({ protocol }: URL) => protocol.slice(0, -1)
const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? '443' : '80')
