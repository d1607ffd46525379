import type { Call } from '../../shared/calls.js'
import { recordCall } from '../../shared/record-call.js'
import type { Flow } from '../flow/flow.js'

const doors = {
  guest: { path: 'guest', operation: 'visitor.guest' },
  exchange: { path: 'exchange', operation: 'visitor.exchange' },
  refresh: { path: 'refresh', operation: 'visitor.refresh' },
  embedTicket: { path: 'embed-ticket', operation: 'visitor.embedTicket' },
} as const

/** What a door that is open to pages answered: the body where it let one in, nothing where it did not. */
export interface DoorAnswer<T> {
  readonly call: Call
  readonly answer?: T
}

/** Asks one of the doors that are open to pages, across origins and without a key. */
export async function askHallpass<T>(
  { flow, hallpassUrl }: { readonly flow: Flow; readonly hallpassUrl: string },
  door: keyof typeof doors,
  body: object,
): Promise<DoorAnswer<T>> {
  const { path, operation } = doors[door]
  const calls: Call[] = []
  const asked = {
    url: `${hallpassUrl}/api/v1/widget/auth/${path}`,
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
