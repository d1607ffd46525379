import type { BackendAnswer } from '../../shared/backend-api.js'
import type { Call } from '../../shared/calls.js'
import { recordCall } from '../../shared/record-call.js'
import type { Flow } from '../flow/flow.js'

type Action =
  | 'bridge'
  | 'user-token'
  | 'card-token'
  | 'redeem'
  | 'introspect'
  | 'revoke'
  | 'sign-out-everywhere'
  | 'replay-ticket'
  | 'cards'

/** Asks the shop's backend to act, and shows its calls to Hallpass in the flow beside the page's own. */
export async function askBackend<T>(flow: Flow, action: Action, body?: object): Promise<BackendAnswer<T>> {
  const own: Call[] = []
  const url = new URL(`/api/${action}`, location.origin).href
  const init = {
    method: 'POST',
    ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  }
  try {
    const response = await recordCall({ from: 'browser', to: 'backend' }, { url, init }, (call) => own.push(call))
    // our own backend always answers in this shape
    const answer = (await response.json()) as BackendAnswer<T>
    flow.add(...own.map(withoutCalls), ...answer.calls)
    return { ...answer, calls: [...own, ...answer.calls] }
  } catch {
    flow.add(...own)
    return { refusal: { reason: 'network', message: 'The backend did not answer.' }, calls: own }
  }
}

/** The backend's calls have rows of their own, so they need not stand in its answer too. */
function withoutCalls(call: Call): Call {
  const { response } = call
  if (typeof response?.body !== 'object' || response.body === null) return call
  const { calls: _, ...body } = response.body as Record<string, unknown>
  return { ...call, response: { ...response, body } }
}
