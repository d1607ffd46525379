import type { Actor, Call } from '../../shared/calls.js'

/** A lane of the diagram: one of the actors, or the attacker. */
export type Lane = Actor | 'attacker'

/** The name and description of each lane. */
export const lanes: Readonly<Record<Lane, { readonly name: string; readonly about: string }>> = {
  browser: { name: 'Page', about: 'the host page in your browser; it holds no secrets' },
  widget: { name: 'Widget', about: 'an iframe on its own origin' },
  backend: { name: 'Backend', about: 'the shop’s server; it holds the secret key' },
  'widget-host': { name: 'Provider', about: 'the widget provider’s backend' },
  processor: { name: 'Processor', about: 'the card processor’s backend; it redeems tokens' },
  hallpass: { name: 'Hallpass', about: 'mints, redeems, refreshes and revokes tokens' },
  attacker: { name: 'Attacker', about: 'someone else’s page or script' },
}

/** A message between two windows. */
export interface Message {
  readonly id: string
  readonly from: Lane
  readonly to: Lane
  readonly startedAt: number
  readonly type: string
  readonly body?: unknown
}

/** A call in the diagram, where the caller can also be the attacker. */
export type ShownCall = Omit<Call, 'from'> & { readonly from: Lane }

/** One arrow of the diagram. */
export type Exchange = ShownCall | Message

export const isCall = (exchange: Exchange): exchange is ShownCall => 'method' in exchange

/** Whether the call was refused or got no response. */
export function isRefused(exchange: Exchange): boolean {
  return isCall(exchange) && (exchange.status === undefined || exchange.status >= 400)
}

/** Creates a message with the current time. */
export function messageSeen(message: Omit<Message, 'id' | 'startedAt'>): Message {
  return { id: crypto.randomUUID(), startedAt: Date.now(), ...message }
}
