import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import type { Platform } from './platform.js'

/** A session's tokens, as all its pages know them. */
interface Lineage {
  readonly answer: SessionAnswer
  /** Counts refreshes, so that pages can compare whose tokens are newer. */
  readonly generation: number
  /** Shared by the pages of this session, and kept when a guest becomes a user. Encrypts the session's note. */
  readonly secret: string | undefined
}

/** The session of this page, and when the response arrived according to both clocks. */
export interface CachedSession extends Lineage {
  readonly monotonic: number
  readonly wall: number
}

/** A session for another page or the storage. It contains its age instead of times, because other pages don't share the clocks. */
export interface PortableSession extends Lineage {
  readonly age: number
  readonly at: number
}

type Clocks = Pick<Platform, 'monotonic' | 'wall'>

/** A session whose response arrived some milliseconds ago. */
export const toCached = (
  { monotonic, wall }: Clocks,
  { answer, generation, secret }: Lineage,
  age = 0,
): CachedSession => ({ answer, generation, secret, monotonic: monotonic() - age, wall: wall() - age })

/**
 * Milliseconds since the response arrived. The monotonic clock can stop while the device sleeps, so the wall clock counts
 * if it shows more time. Setting it forward only causes an early refresh; setting it back has no effect.
 */
const ageOf = (clocks: Clocks, { monotonic, wall }: CachedSession): number =>
  Math.max(clocks.monotonic() - monotonic, clocks.wall() - wall)

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

/** A session for other pages, the storage or a note. */
export function pack(clocks: Clocks, cached: CachedSession): PortableSession {
  const { monotonic, wall, ...lineage } = cached
  return { ...lineage, age: ageOf(clocks, cached), at: clocks.wall() }
}

/** Restores a session from another page, the storage or a note. Undefined if it is invalid. Time in transit counts towards its age. */
export const unpack = (clocks: Clocks, value: unknown): CachedSession | undefined =>
  isPortable(value)
    ? toCached(clocks, value, Math.max(0, value.age) + Math.max(0, clocks.wall() - value.at))
    : undefined

function isPortable(value: unknown): value is PortableSession {
  if (!isPlainObject(value)) return false
  const { answer, generation, age, at, secret } = value
  return isSessionAnswer(answer) && areNumbers(generation, age, at) && (secret === undefined || areTexts(secret))
}

/** Whether a response has the members that are used here. */
export const isSessionAnswer = (value: unknown): value is SessionAnswer =>
  isPlainObject(value) &&
  areTexts(value.token, value.refresh_token, value.session_id, value.visitor_id) &&
  areNumbers(value.expires_in, value.refresh_expires_in)

const areTexts = (...values: readonly unknown[]) => values.every((value) => typeof value === 'string')

const areNumbers = (...values: readonly unknown[]) => values.every(Number.isFinite)
