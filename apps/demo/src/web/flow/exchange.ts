import type { Actor, Call } from '../../shared/calls.js'

/** A lane of the diagram: the actors, and the page of somebody who should get nothing. */
export type Lane = Actor | 'evil'

/** A message between two windows. */
export interface Message {
  readonly id: string
  readonly from: Lane
  readonly to: Lane
  readonly startedAt: number
  readonly type: string
  readonly body?: unknown
}

/** A call as a diagram shows it: the evil page may be the caller. */
export type ShownCall = Omit<Call, 'from'> & { readonly from: Lane }

/** One arrow of the diagram. */
export type Exchange = ShownCall | Message

export const isCall = (exchange: Exchange): exchange is ShownCall => 'method' in exchange

/** Whether it was answered with a refusal, or not at all. */
export function isRefused(exchange: Exchange): boolean {
  return isCall(exchange) && (exchange.status === undefined || exchange.status >= 400)
}

/** A message that was just seen. */
export function messageSeen(message: Omit<Message, 'id' | 'startedAt'>): Message {
  return { id: crypto.randomUUID(), startedAt: Date.now(), ...message }
}
