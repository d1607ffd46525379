import type { Actor, BackendAnswer, Call, Outcome } from '../../shared/backend-api.js'
import { type CallsMessage, demoMessages } from '../../shared/messages.js'
import { recordCall } from '../../shared/record-call.js'
import type { Parent } from './parent.js'

/** Calls the widget provider's backend. */
export type AskWidgetHost = <T>(path: string, body: object) => Promise<Outcome<T>>

/** Also reports each call to the parent, without secrets, for the diagram. */
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
      // the demo's backend always responds with this type
      const { calls, ...outcome } = (await response.json()) as BackendAnswer<T>
      report(calls)
      return outcome
    } catch {
      return { refusal: { reason: 'network', message: 'The service is unreachable. Try again in a moment.' } }
    }
  }
}
