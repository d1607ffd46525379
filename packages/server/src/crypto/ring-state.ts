import { type Operation, opaqueLifetimes, operations } from '@hallpass/contracts'
import { deriveKey, deriveLookupKeys, type LookupKeys } from './derive-keys.js'

/** A random key of 32 bytes, from which keys to seal with are derived. `createdAt` in milliseconds. */
export interface DataKey {
  readonly id: number
  readonly key: Buffer
  readonly createdAt: number
}

/** What the database keeps under the master key. */
export interface RingState {
  /** Grows with every change, so that a process sees which of two states is the newer one. */
  readonly generation: number
  /** Other keys that never change can be derived from this one. */
  readonly root: Buffer
  readonly lookup: LookupKeys
  /** Rows of keys have codes: one without is not a server's. It stands here, where whoever can write to the database can't take it away. */
  readonly protectsRows: boolean
  /** The newest first. It seals; the others only open. */
  readonly keys: readonly [DataKey, ...DataKey[]]
}

export const maxAgeMilliseconds = 30 * 24 * 3_600_000
const leewayMilliseconds = 3_600_000
const answerSeconds = Object.values<Operation>(operations).map(({ idempotency }) => idempotency?.ttlSeconds ?? 0)
/** After this, nothing that an old key sealed is alive: no session, and no remembered answer. */
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

/** The ring of a database from before there were rings: its one data key, from which everything was derived. */
export function ringOfOneKey(dataKey: Buffer): RingState {
  return { ...constantsOf(dataKey), generation: 0, protectsRows: false, keys: [{ id: 0, key: dataKey, createdAt: 0 }] }
}

/** The old data key itself is in none of these, so it can be forgotten. */
const constantsOf = (found: Buffer) => ({ root: deriveKey(found, 'stable-root'), lookup: deriveLookupKeys(found) })

/** With a new data key in front, which all rows of keys get codes under. Without the old ones, whatever they sealed is over. */
export function rotated(state: RingState, key: Buffer, now: number, forgetOld: boolean): RingState {
  const next = { id: state.keys[0].id + 1, key, createdAt: now }
  const changed = { generation: state.generation + 1, protectsRows: true }
  return { ...state, ...changed, keys: forgetOld ? [next] : [next, ...state.keys] }
}

/** Without the keys under which nothing can be alive; undefined when there are none of them. */
export function withoutExpired(state: RingState, now: number): RingState | undefined {
  const [newest, ...old] = state.keys
  const kept = old.filter(({ id }) => !expiredKeys(state, now).includes(id))
  if (kept.length === old.length) return undefined
  return { ...state, generation: state.generation + 1, keys: [newest, ...kept] }
}

/** The ids of the keys, given the newest first, under which nothing can be alive. */
export function expiredKeys({ keys }: { readonly keys: readonly Omit<DataKey, 'key'>[] }, now: number): number[] {
  // a key stopped sealing when the next one was made
  const isExpired = (_: unknown, at: number) => {
    const next = keys[at - 1]
    return next !== undefined && next.createdAt + openingMilliseconds <= now
  }
  return keys.filter(isExpired).map(({ id }) => id)
}
