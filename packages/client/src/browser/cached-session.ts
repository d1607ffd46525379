import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import type { Platform } from './platform.js'

/** The session of this page. */
export interface CachedSession {
  readonly answer: SessionAnswer
  /** Counts refreshes, so that pages can compare whose tokens are newer. */
  readonly generation: number
  /** Shared by the pages of this session, and kept when a guest becomes a user. Encrypts the session's note. */
  readonly secret: string | undefined
  /** When the response arrived, according to both clocks. */
  readonly since: Moment
}

interface Moment {
  readonly monotonic: number
  readonly wall: number
}

/** A session for another page or the storage. It contains its age instead of times, because other pages don't share the clocks. */
export interface PortableSession {
  readonly answer: SessionAnswer
  readonly generation: number
  readonly secret?: string | undefined
  readonly age: number
  readonly at: number
}

type Clocks = Pick<Platform, 'monotonic' | 'wall'>

/** A session that has just arrived. */
export const toCached = (clocks: Clocks, answer: SessionAnswer, { generation, secret }: Lineage): CachedSession => ({
  answer,
  generation,
  secret,
  since: { monotonic: clocks.monotonic(), wall: clocks.wall() },
})

type Lineage = Pick<CachedSession, 'generation' | 'secret'>

/**
 * Milliseconds since the response arrived. The monotonic clock can stop while the device sleeps, so the wall clock counts
 * if it shows more time. Setting it forward only causes an early refresh; setting it back has no effect.
 */
const ageOf = (clocks: Clocks, { since }: CachedSession): number =>
  Math.max(clocks.monotonic() - since.monotonic, clocks.wall() - since.wall)

/** Milliseconds until the session token should be renewed. Zero or less if it is due. */
export function dueIn(clocks: Clocks, cached: CachedSession): number {
  const lifetime = cached.answer.expires_in * 1000
  return lifetime - Math.min(longestLead, lifetime / 5) - ageOf(clocks, cached)
}

/** Whether the session token will still be accepted when it arrives. */
export const isLive = (clocks: Clocks, cached: CachedSession): boolean =>
  cached.answer.expires_in * 1000 - travelTime > ageOf(clocks, cached)

/** Whether the session can't be refreshed any more. */
export const isOver = (clocks: Clocks, cached: CachedSession): boolean =>
  cached.answer.refresh_expires_in * 1000 <= ageOf(clocks, cached)

/** The maximum time before its expiry at which a session token is renewed, in milliseconds. */
const longestLead = 60_000
const travelTime = 2_000

export const pack = (clocks: Clocks, cached: CachedSession): PortableSession => ({
  answer: cached.answer,
  generation: cached.generation,
  secret: cached.secret,
  age: ageOf(clocks, cached),
  at: clocks.wall(),
})

/** Restores a session from another page or the storage. Undefined if it is invalid. Time in transit counts towards its age. */
export function unpack(clocks: Clocks, value: unknown): CachedSession | undefined {
  if (!isPortable(value)) return undefined
  const age = Math.max(0, value.age) + Math.max(0, clocks.wall() - value.at)
  const since = { monotonic: clocks.monotonic() - age, wall: clocks.wall() - age }
  const { answer, generation, secret } = value
  return { answer, generation, secret, since }
}

function isPortable(value: unknown): value is PortableSession {
  if (!isPlainObject(value) || !isPlainObject(value.answer)) return false
  const { generation, age, at, secret } = value
  if (secret !== undefined && typeof secret !== 'string') return false
  return [generation, age, at].every(Number.isFinite) && isSessionAnswer(value.answer)
}

/** Whether a response has the members that are used here. */
export function isSessionAnswer(value: unknown): value is SessionAnswer {
  if (!isPlainObject(value)) return false
  const texts = [value.token, value.refresh_token, value.session_id, value.visitor_id]
  const numbers = [value.expires_in, value.refresh_expires_in]
  return texts.every((text) => typeof text === 'string') && numbers.every(Number.isFinite)
}
