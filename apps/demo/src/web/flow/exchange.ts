import type { Actor, Call } from '../../shared/calls.js'

/** A lane of the diagram: one of the actors, or the attacker. */
export type Lane = Actor | 'attacker'

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
