import type { Actor, BackendAnswer, Call, Outcome } from '../../shared/backend-api.js'
import { type CallsMessage, demoMessages } from '../../shared/messages.js'
import { recordCall } from '../../shared/record-call.js'
import type { Parent } from './parent.js'

/** Asks the backend of whoever provides this widget. */
export type AskWidgetHost = <T>(path: string, body: object) => Promise<Outcome<T>>

/** What is asked goes to the parent too, as a record without secrets: the demo's flow panel is drawn from it. */
export function createAskWidgetHost(parent: Parent, to: Actor): AskWidgetHost {
  const report = (calls: readonly Call[]) => {
    const message: CallsMessage = { type: demoMessages.calls, calls }
    parent.send(message)
  }
  return async <T>(path: string, body: object) => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    try {
      const url = new URL(path, location.href).href
      const response = await recordCall({ from: 'widget', to }, { url, init }, (call) => report([call]))
      // our own backend always answers in this shape
      const { calls, ...outcome } = (await response.json()) as BackendAnswer<T>
      report(calls)
      return outcome
    } catch {
      return { refusal: { reason: 'network', message: 'The service cannot be reached. Try again in a moment.' } }
    }
  }
}
