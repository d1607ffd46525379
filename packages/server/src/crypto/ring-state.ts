import { type Operation, opaqueLifetimes, operations } from '@hallpass/contracts'
import { deriveKey, deriveLookupKeys, type LookupKeys } from './derive-keys.js'

/** A random key of 32 bytes, from which the sealing keys are derived. `createdAt` in milliseconds. */
export interface DataKey {
  readonly id: number
  readonly key: Buffer
  readonly createdAt: number
}

/** What the database stores, sealed under the master key. */
export interface RingState {
  /** Increases with every change, so that a process can see which of two states is newer. */
  readonly generation: number
  /** The keys that never change can be derived from this one. */
  readonly root: Buffer
  readonly lookup: LookupKeys
  /**
   * Rows of keys have MACs, and one without a MAC wasn't written by a server. Stored here, so that write access to the
   * database isn't enough to turn it off.
   */
  readonly protectsRows: boolean
  /** The newest first. It seals, and the others only open. */
  readonly keys: readonly [DataKey, ...DataKey[]]
}

export const maxAgeMilliseconds = 30 * 24 * 3_600_000
const leewayMilliseconds = 3_600_000
const answerSeconds = Object.values<Operation>(operations).map(({ idempotency }) => idempotency?.ttlSeconds ?? 0)
/** After this, everything that an old key sealed has expired: sessions and remembered responses. */
export const openingMilliseconds =
  1000 * Math.max(opaqueLifetimes.refreshAbsolute, ...answerSeconds) + leewayMilliseconds

/** The ring of a new database. */
export function newRing(randomKey: () => Buffer, now: number): RingState {
  const found = randomKey()
  return {
    ...constantsOf(found),
    generation: 1,
    protectsRows: true,
    keys: [{ id: 1, key: randomKey(), createdAt: now }],
  }
}

/** The ring of a database from before rings existed: its one data key, from which everything was derived. */
export function ringOfOneKey(dataKey: Buffer): RingState {
  return { ...constantsOf(dataKey), generation: 0, protectsRows: false, keys: [{ id: 0, key: dataKey, createdAt: 0 }] }
}

/** These don't contain the old data key itself, so it can be dropped. */
const constantsOf = (found: Buffer) => ({ root: deriveKey(found, 'stable-root'), lookup: deriveLookupKeys(found) })

/**
 * Adds a new data key, under which all rows of keys get MACs. Without the old ones, everything they sealed becomes
 * invalid.
 */
export function rotated(state: RingState, key: Buffer, now: number, forgetOld: boolean): RingState {
  const next = { id: state.keys[0].id + 1, key, createdAt: now }
  const changed = { generation: state.generation + 1, protectsRows: true }
  return { ...state, ...changed, keys: forgetOld ? [next] : [next, ...state.keys] }
}

/** Without the keys whose sealed contents have all expired. Undefined if there are no such keys. */
export function withoutExpired(state: RingState, now: number): RingState | undefined {
  const [newest, ...old] = state.keys
  const kept = old.filter(({ id }) => !expiredKeys(state, now).includes(id))
  if (kept.length === old.length) return undefined
  return { ...state, generation: state.generation + 1, keys: [newest, ...kept] }
}

/** The ids of the keys whose sealed contents have all expired. The keys are given newest first. */
export function expiredKeys({ keys }: { readonly keys: readonly Omit<DataKey, 'key'>[] }, now: number): number[] {
  // a key stopped sealing when the next one was made
  const isExpired = (_: unknown, at: number) => {
    const next = keys[at - 1]
    return next !== undefined && next.createdAt + openingMilliseconds <= now
  }
  return keys.filter(isExpired).map(({ id }) => id)
}
