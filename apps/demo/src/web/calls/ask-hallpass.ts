import { visitorPaths } from '@hallpass/contracts/core'
import type { DemoSettings } from '../../shared/backend-api.js'
import type { Call } from '../../shared/calls.js'
import { recordCall } from '../../shared/record-call.js'
import type { VisitorOperation } from '../../shared/visitor-paths.js'
import type { Flow } from '../flow/flow.js'

/** The call to a public endpoint, and its response body if the call succeeded. */
export interface PublicResponse<T> {
  readonly call: Call
  readonly answer?: T
}

/** Calls one of the endpoints that pages can call directly: across origins and without a key. */
export async function askHallpass<T>(
  { flow, settings }: { readonly flow: Flow; readonly settings: Pick<DemoSettings, 'hallpassUrl'> },
  operation: VisitorOperation,
  body: object,
): Promise<PublicResponse<T>> {
  const calls: Call[] = []
  const asked = {
    url: settings.hallpassUrl + visitorPaths[operation],
    init: { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
    operation,
  }
  const response = await recordCall({ from: 'browser', to: 'hallpass' }, asked, (call) => calls.push(call)).catch(
    () => undefined,
  )
  flow.add(...calls)
  const [call] = calls
  if (!call) throw new Error('Every request must be recorded, even if it fails.')
  // the documented response body
  return response?.ok ? { call, answer: (await response.json()) as T } : { call }
}
