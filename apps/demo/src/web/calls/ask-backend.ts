import type { BackendAnswer } from '../../shared/backend-api.js'
import type { Call } from '../../shared/calls.js'
import { recordCall } from '../../shared/record-call.js'
import type { Flow } from '../flow/flow.js'
import { backendConnection } from './connections.js'

type Action =
  | 'bridge'
  | 'user-token'
  | 'card-token'
  | 'redeem'
  | 'introspect'
  | 'revoke'
  | 'sign-out-everywhere'
  | 'replay-ticket'
  | 'voice-token'
  | 'voice-redeem'
  | 'voice-revoke'
  | 'cards'

/** Calls the shop's backend, and adds both this call and the backend's own calls to the flow. */
export async function askBackend<T>(flow: Flow, action: Action, body?: object): Promise<BackendAnswer<T>> {
  const own: Call[] = []
  const url = new URL(`/api/${action}`, location.origin).href
  const init = {
    method: 'POST',
    ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  }
  try {
    const between = { from: 'browser', to: 'backend' } as const
    const response = await recordCall(between, { url, init }, (call) => own.push(call), backendConnection.fetch)
    // the demo's backend always responds with this type
    const answer = (await response.json()) as BackendAnswer<T>
    flow.add(...own.map(withoutCalls), ...answer.calls)
    return { ...answer, calls: [...own, ...answer.calls] }
  } catch {
    flow.add(...own)
    return { refusal: { reason: 'network', message: 'The backend didn’t respond.' }, calls: own }
  }
}

/** The backend's calls get their own rows in the diagram, so the response doesn't repeat them. */
function withoutCalls(call: Call): Call {
  const { response } = call
  if (typeof response?.body !== 'object' || response.body === null) return call
  const { calls: _, ...body } = response.body as Record<string, unknown>
  return { ...call, response: { ...response, body } }
}
