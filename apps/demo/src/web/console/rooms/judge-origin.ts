import { allowsOrigin, isHttpOrigin, parseAllowlistEntry } from '@hallpass/contracts'

interface Judgement {
  readonly isAllowed: boolean
  readonly why: string
}

/** Whether an allowlist lets an Origin in, by the rule that the server itself uses, and in words. */
export function judgeOrigin(entries: readonly string[], origin: string): Judgement {
  const entry = entries.find((candidate) => {
    const rule = parseAllowlistEntry(candidate)
    return rule !== undefined && allowsOrigin([rule], origin)
  })
  if (entry !== undefined) return { isAllowed: true, why: `${entry} lets it in.` }
  return { isAllowed: false, why: whyNot(entries, origin) }
}

function whyNot(entries: readonly string[], origin: string): string {
  if (origin === 'null') return 'A sandboxed page sends “null”, which is nobody’s name. It is never let in.'
  if (!isHttpOrigin(origin)) {
    const written = URL.canParse(origin) ? new URL(origin).origin : undefined
    return written === undefined || written === 'null'
      ? 'This is not what a browser sends as an Origin: scheme, host, and a port where it is not the usual one.'
      : `A browser would send ${written} instead. Ask about that.`
  }
  if (entries.length === 0) return 'The list is empty, and lets nobody in.'
  const { hostname, protocol } = new URL(origin)
  const near = entries.find((entry) => entry.includes(hostname) || hostname.endsWith(entry.replace(/^\*/, '')))
  if (near === undefined) return 'No entry names this host.'
  if (near.startsWith('*.')) return `${near} stands for exactly one label before the dot, over https on the usual port.`
  return `${near} is near, but an Origin must match byte for byte: ${protocol === 'http:' ? 'mind http and https, and the port.' : 'mind the port.'}`
}
