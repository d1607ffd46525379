import type { Actor, Call } from '../../shared/backend-api.js'
import { recordCall } from '../../shared/record-call.js'

/** A request of the page, and the answer when one came. */
interface Sent {
  readonly call: Call
  readonly response?: Response
}

interface RequestParts {
  readonly method: 'GET' | 'POST'
  /** Sent as JSON. */
  readonly body?: unknown
}

/** Sends a request and notes how it went. Never throws: no answer is something that the page shows too. */
export async function sendRequest(to: Actor, url: string, { method, body }: RequestParts): Promise<Sent> {
  const calls: Call[] = []
  const init: RequestInit = {
    method,
    credentials: 'omit',
    ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  }
  const asked = { url: new URL(url, location.href).href, init }
  const response = await recordCall({ from: 'browser', to }, asked, (call) => calls.push(call)).catch(() => undefined)
  const [call] = calls
  if (!call) throw new Error('the call was not recorded')
  return response ? { call, response } : { call }
}
