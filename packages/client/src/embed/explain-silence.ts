import type { WidgetReason } from '../browser/errors.js'

/** A widget that hasn't responded. */
interface Silence {
  readonly url: URL
  readonly iframe: HTMLIFrameElement
  /** Whether this page is on the allowlist. True in doubt. */
  readonly isAllowed: () => Promise<boolean>
}

type Explanation = readonly [reason: WidgetReason, message: string]

const probeMilliseconds = 5_000

/**
 * Finds out why no widget responded. Browsers don't tell a page whether they blocked an iframe, so this asks around: is
 * the widget's page reachable, and is this page on the allowlist, which its `frame-ancestors` is made from?
 */
export async function explainSilence({ url, iframe, isAllowed }: Silence): Promise<Explanation> {
  if (!(await isReachable(url))) return ['frame_offline', `The widget's page at ${url.origin} can't be reached.`]
  if (!(await isAllowed())) {
    const fix = `Add ${location.origin} to the allowlist of the client key.`
    return ['frame_blocked', `The widget of ${url.origin} is not allowed in this page. ${fix}`]
  }
  // only Chromium has the property, so elsewhere the attribute has no effect
  if (globalThis.crossOriginIsolated && !Reflect.get(iframe, 'credentialless')) {
    const fix = `Its page must send Cross-Origin-Embedder-Policy and Cross-Origin-Resource-Policy.`
    return ['frame_blocked', `This page's COEP blocks the widget of ${url.origin}. ${fix}`]
  }
  const causes = `Its page may not call connectToHost, or its frame-ancestors may not list ${location.origin}.`
  return ['frame_silent', `No widget of ${url.origin} responded. ${causes}`]
}

/** True in doubt: the page's own policy may forbid the request, or its COEP the response. */
async function isReachable(url: URL): Promise<boolean> {
  if (navigator.onLine === false) return false
  let isForbidden = false
  const listen = () => {
    isForbidden = true
  }
  document.addEventListener('securitypolicyviolation', listen)
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', signal: AbortSignal.timeout(probeMilliseconds) })
    return true
  } catch {
    return isForbidden || globalThis.crossOriginIsolated
  } finally {
    document.removeEventListener('securitypolicyviolation', listen)
  }
}
