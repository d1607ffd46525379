import { visitorPaths } from '@hallpass/contracts/core'
import type { DemoSettings } from '../../shared/backend-api.js'
import type { Call } from '../../shared/calls.js'
import { recordCall } from '../../shared/record-call.js'
import type { VisitorOperation } from '../../shared/visitor-paths.js'
import type { Flow } from '../flow/flow.js'

/** What a door that is open to pages answered: the body where it let one in, nothing where it did not. */
export interface DoorAnswer<T> {
  readonly call: Call
  readonly answer?: T
}

/** Asks one of the doors that are open to pages, across origins and without a key. */
export async function askHallpass<T>(
  { flow, settings }: { readonly flow: Flow; readonly settings: Pick<DemoSettings, 'hallpassUrl'> },
  operation: VisitorOperation,
  body: object,
): Promise<DoorAnswer<T>> {
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
  if (!call) throw new Error('a request leaves a record, also when it fails')
  // the body is what the documented contract says it is
  return response?.ok ? { call, answer: (await response.json()) as T } : { call }
}
