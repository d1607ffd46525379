import { reasonOf, WidgetSessionError } from '../browser/errors.js'
import { getEmbedTicket } from './embed-ticket.js'
import type { MountOptions } from './mount-options.js'

export const policyError = (origin: string) =>
  new WidgetSessionError(
    'frame_blocked',
    `This page's Content-Security-Policy blocks the widget. Add ${origin} to its frame-src directive.`,
  )

export const hostError = () => new WidgetSessionError('no_origin', 'This page has no origin. Serve it over HTTPS.')

export const redirectError = (expected: string, found: string) =>
  found === 'null'
    ? new WidgetSessionError(
        'no_origin',
        `The widget's page has no origin. Remove the sandbox directive from its Content-Security-Policy.`,
      )
    : new WidgetSessionError(
        'frame_redirected',
        `The widget's page is on ${found}, not on ${expected}. Set widgetUrl to where it redirects to.`,
      )

/** Finds out why no widget has responded. */
export async function silenceError(
  options: MountOptions,
  url: URL,
  iframe: HTMLIFrameElement,
): Promise<WidgetSessionError> {
  const isAllowed = () =>
    getEmbedTicket(options).then(
      () => true,
      (error) => reasonOf(error) !== 'origin_not_allowed',
    )
  // loaded when it is needed, which is rare
  const [reason, message] = await import('./explain-silence.js').then(
    ({ explainSilence }) => explainSilence({ url, iframe, isAllowed }),
    () => [navigator.onLine ? 'frame_silent' : 'frame_offline', `No widget of ${url.origin} responded.`] as const,
  )
  return new WidgetSessionError(reason, message)
}
