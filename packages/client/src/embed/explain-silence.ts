import { isPlainObject, widgetAuthPath } from '@hallpass/contracts/core'
import { callService } from '../browser/call-service.js'
import { WidgetSessionError } from '../browser/errors.js'
import { browserPlatform } from '../browser/platform.js'
import type { MountOptions } from './mount-options.js'

const probeMilliseconds = 5_000

/** Records whether the page's own Content-Security-Policy blocks a widget. Returns a function that stops. */
export function watchPolicy(origin: string, onBlocked: () => void): () => void {
  const listen = ({ blockedURI, effectiveDirective, disposition }: SecurityPolicyViolationEvent) => {
    if (disposition !== 'report' && /^(frame|child)-src/.test(effectiveDirective) && isAt(blockedURI, origin))
      onBlocked()
  }
  document.addEventListener('securitypolicyviolation', listen)
  return () => document.removeEventListener('securitypolicyviolation', listen)
}

const isAt = (uri: string, origin: string) => uri === origin || uri.startsWith(`${origin}/`)

/**
 * Finds out why no widget responded. Browsers don't tell a page whether they blocked an iframe, so this asks around: is
 * the widget's page reachable, and is this page on the allowlist, which its `frame-ancestors` is made from?
 */
export async function explainSilence(
  options: MountOptions,
  url: URL,
  iframe: HTMLIFrameElement,
): Promise<WidgetSessionError> {
  if (!(await isReachable(url))) {
    return new WidgetSessionError('frame_offline', `The widget's page at ${url.origin} can't be reached.`)
  }
  const cause = await getEmbedTicket(options).catch((error: unknown) => error)
  if (cause instanceof WidgetSessionError && cause.reason === 'origin_not_allowed') {
    const fix = `Add ${location.origin} to the allowlist of the client key.`
    return new WidgetSessionError('frame_blocked', `The widget of ${url.origin} is not allowed in this page. ${fix}`)
  }
  if (globalThis.crossOriginIsolated && !iframe.hasAttribute('credentialless')) {
    const fix = `Its page must send Cross-Origin-Embedder-Policy, or set credentialless: true.`
    return new WidgetSessionError('frame_blocked', `This page's COEP blocks the widget of ${url.origin}. ${fix}`)
  }
  return new WidgetSessionError(
    'frame_silent',
    `No widget of ${url.origin} responded. Its page may not call connectToHost, or its frame-ancestors may not list ${location.origin}.`,
  )
}

export const policyError = (origin: string) =>
  new WidgetSessionError(
    'frame_blocked',
    `This page's Content-Security-Policy blocks the widget. Add ${origin} to its frame-src directive.`,
  )

export const hostError = () =>
  new WidgetSessionError(
    'no_origin',
    'This page has no origin, because it is a file or sandboxed. Serve it over HTTPS.',
  )

export const redirectError = (expected: string, found: string) =>
  new WidgetSessionError(
    'frame_redirected',
    found === 'null'
      ? `The widget's page has no origin. Remove the sandbox directive from its Content-Security-Policy.`
      : `The widget's page is on ${found}, not on ${expected}. Set widgetUrl to where it redirects to.`,
  )

/** Requests a ticket for this page's origin, which the browser sends with the call. */
export async function getEmbedTicket({ baseUrl, clientKey, fetch }: MountOptions): Promise<string> {
  const call = { path: `${widgetAuthPath}embed-ticket`, body: { client_key: clientKey } }
  const answer = await callService({ baseUrl, platform: browserPlatform(fetch) }, call)
  if (isPlainObject(answer) && typeof answer.ticket === 'string') return answer.ticket
  throw new WidgetSessionError('network', 'The response is not from Hallpass.')
}

/** True in doubt: the page's own policy may forbid the request. */
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
    return isForbidden
  } finally {
    document.removeEventListener('securitypolicyviolation', listen)
  }
}
