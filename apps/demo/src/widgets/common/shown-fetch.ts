import type { Call } from '../../shared/calls.js'
import { type CallsMessage, demoMessages } from '../../shared/messages.js'
import { recordCall } from '../../shared/record-call.js'
import { visitorOperationAt } from '../../shared/visitor-paths.js'
import { findParent } from './parent.js'

/** Loads the URL of Hallpass from the widget's backend. */
export async function serviceUrl(): Promise<string> {
  const settings: { readonly hallpassUrl: string } = await (await fetch('/api/own/settings')).json()
  return settings.hallpassUrl
}

/** A `fetch` that reports its calls to the host page, without secrets, for the diagram. */
export const shownFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  const { pathname, origin, href } = new URL(request.url)
  const isOwn = origin === location.origin
  const asked = { url: href, init: await plainInit(request), operation: visitorOperationAt(pathname) }
  const response = await recordCall({ from: 'widget', to: isOwn ? 'widget-host' : 'hallpass' }, asked, (call) =>
    report([call]),
  )
  if (isOwn) report(await callsOf(response.clone()))
  return response
}

/** Reads the request's body as text, because a record can't contain a stream. */
async function plainInit(request: Request): Promise<RequestInit> {
  const body = await request.text()
  const { method, headers, signal } = request
  return { method, headers, signal, credentials: 'omit', ...(body === '' ? {} : { body }) }
}

function report(calls: readonly Call[]): void {
  const message: CallsMessage = { type: demoMessages.calls, calls }
  findParent().send(message)
}

/** The calls that the backend made for this request. */
async function callsOf(response: Response): Promise<readonly Call[]> {
  const body: { readonly calls?: readonly Call[] } = await response.json()
  return body.calls ?? []
}
