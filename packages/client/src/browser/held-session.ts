import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { isPlainObject } from '@hallpass/contracts/core'
import type { Platform } from './platform.js'

/** A session as this page holds it. */
export interface HeldSession {
  readonly answer: SessionAnswer
  /** Counts refreshes, so that two pages can tell whose tokens are newer. */
  readonly generation: number
  /** When the answer came, by both clocks. */
  readonly since: Moment
}

interface Moment {
  readonly monotonic: number
  readonly wall: number
}

/** A session on its way to another page, or to a storage: its age instead of moments of clocks that others do not share. */
export interface PortableSession {
  readonly answer: SessionAnswer
  readonly generation: number
  readonly age: number
  readonly at: number
}

type Clocks = Pick<Platform, 'monotonic' | 'wall'>

export const hold = (clocks: Clocks, answer: SessionAnswer, generation: number): HeldSession => ({
  answer,
  generation,
  since: { monotonic: clocks.monotonic(), wall: clocks.wall() },
})

/**
 * Milliseconds since the answer came. The monotonic clock decides; the wall clock can only add to it, where the other
 * stood still in a sleep. Set forward, it costs one refresh too early; set back, nothing.
 */
const ageOf = (clocks: Clocks, { since }: HeldSession): number =>
  Math.max(clocks.monotonic() - since.monotonic, clocks.wall() - since.wall)

/** Milliseconds until the session token should be renewed; 0 or less when it is time. */
export function dueIn(clocks: Clocks, held: HeldSession): number {
  const lifetime = held.answer.expires_in * 1000
  return lifetime - Math.min(longestLead, lifetime / 5) - ageOf(clocks, held)
}

/** Whether the session token will still be accepted when it arrives. */
export const isLive = (clocks: Clocks, held: HeldSession): boolean =>
  held.answer.expires_in * 1000 - travelTime > ageOf(clocks, held)

/** Whether nothing can be refreshed any more. */
export const isOver = (clocks: Clocks, held: HeldSession): boolean =>
  held.answer.refresh_expires_in * 1000 <= ageOf(clocks, held)

/** How long before its end a session token is renewed, at most, in milliseconds. */
const longestLead = 60_000
const travelTime = 2_000

export const pack = (clocks: Clocks, held: HeldSession): PortableSession => ({
  answer: held.answer,
  generation: held.generation,
  age: ageOf(clocks, held),
  at: clocks.wall(),
})

/** A session that came from elsewhere; undefined when it is none. Time it may have spent on the way makes it older, never younger. */
export function unpack(clocks: Clocks, value: unknown): HeldSession | undefined {
  if (!isPortable(value)) return undefined
  const age = Math.max(0, value.age) + Math.max(0, clocks.wall() - value.at)
  const since = { monotonic: clocks.monotonic() - age, wall: clocks.wall() - age }
  return { answer: value.answer, generation: value.generation, since }
}

function isPortable(value: unknown): value is PortableSession {
  if (!isPlainObject(value) || !isPlainObject(value.answer)) return false
  const { generation, age, at } = value
  return [generation, age, at].every(Number.isFinite) && isSessionAnswer(value.answer)
}

/** Whether an answer has what is used of it here. */
export function isSessionAnswer(value: unknown): value is SessionAnswer {
  if (!isPlainObject(value)) return false
  const texts = [value.token, value.refresh_token, value.session_id, value.visitor_id]
  const numbers = [value.expires_in, value.refresh_expires_in]
  return texts.every((text) => typeof text === 'string') && numbers.every(Number.isFinite)
}
