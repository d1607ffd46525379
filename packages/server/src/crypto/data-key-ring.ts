import type { Clock } from '../clock.js'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { Store } from '../store/store.js'
import { deriveSealingKeys, type LookupKeys, type SealingKeys } from './derive-keys.js'
import type { RingState } from './ring-state.js'
import { dataKeySetting, generationOf, openRing, sealRing } from './seal-ring.js'

/** The data keys in use: the newest seals, and all of them open. */
export interface DataKeyRing {
  /**
   * The keys to seal with. Throws 503 if another process made data keys that this process's master key doesn't open.
   */
  readonly active: () => SealingKeys
  /** The keys with this id. Undefined if they were dropped, or aren't known yet. */
  readonly byId: (id: number) => SealingKeys | undefined
  /** The keys to seal with, which stay the newest until the transaction ends. */
  readonly current: (tx: Pick<Store, 'lockSetting'>) => Promise<SealingKeys>
  /** Checks once whether another process made this key. At most once a second, because callers can make ids up. */
  readonly learn: (id: number) => Promise<void>
  /** Looks up a key that a row names, over the connection that read the row; see {@link learn}. */
  readonly learnFrom: (source: Pick<Store, 'findSetting'>, id: number) => Promise<void>
  /** Whether rows of keys have MACs. */
  readonly protectsRows: () => boolean
  /** Reads the ring again, in case another process changed it. */
  readonly reload: () => Promise<void>
  /** Whether the newest key is known, and how old each key is. Times in milliseconds. */
  readonly status: () => RingStatus
}

/** Every key for hashing and sealing. Each has 32 bytes. */
export interface DerivedKeys extends LookupKeys {
  readonly ring: DataKeyRing
}

export interface RingStatus {
  readonly isUsable: boolean
  readonly keys: readonly { readonly id: number; readonly createdAt: number }[]
}

/** The ring as background work and commands change it. */
export interface OwnDataKeyRing extends DataKeyRing {
  /**
   * Changes the ring, in a transaction that has just begun. A concurrent change of another process comes before or
   * after.
   */
  readonly change: (
    tx: Pick<Store, 'lockSetting' | 'replaceSetting'>,
    how: (state: RingState) => RingState | undefined,
  ) => Promise<{ readonly before: RingState; readonly after: RingState } | undefined>
}

interface Deps {
  readonly clock: Pick<Clock, 'random'>
  readonly masterKey: Buffer
  readonly store: Pick<Store, 'findSetting'>
  /** A monotonic time, in milliseconds. */
  readonly elapsed?: () => number
}

const learnMilliseconds = 1_000

/** Keeps the ring in memory, starting with a state that the master key opened. */
export function holdDataKeys(deps: Deps, first: RingState): OwnDataKeyRing {
  const { clock, masterKey, store, elapsed = () => performance.now() } = deps
  let state = first
  let derived = deriveAll(first)
  let isUsable = true
  let lastLearned = Number.NEGATIVE_INFINITY

  /** A state that isn't newer comes from a late response, or from an old row that someone put back. */
  const take = (sealed: string | undefined) => {
    if (sealed === undefined || generationOf(sealed) <= state.generation) return
    const opened = openRing(masterKey, sealed)
    isUsable = opened !== undefined
    if (!opened) return
    state = opened
    derived = deriveAll(opened)
  }
  const active = () => {
    const [newest] = derived
    if (!isUsable || !newest) throw lacksMasterKey()
    return newest
  }
  const reload = async () => take(await store.findSetting(dataKeySetting))
  return {
    active,
    byId(id) {
      if (!isUsable) throw lacksMasterKey()
      return derived.find((keys) => keys.id === id)
    },
    async current(tx) {
      take(await tx.lockSetting(dataKeySetting, 'share'))
      return active()
    },
    async learn(id) {
      // ids only increase
      if (id <= state.keys[0].id || elapsed() - lastLearned < learnMilliseconds) return
      lastLearned = elapsed()
      await reload()
    },
    async learnFrom(source, id) {
      if (id > state.keys[0].id) take(await source.findSetting(dataKeySetting))
    },
    protectsRows: () => state.protectsRows,
    reload,
    status: () => ({ isUsable, keys: state.keys.map(({ id, createdAt }) => ({ id, createdAt })) }),
    async change(tx, how) {
      const sealed = await tx.lockSetting(dataKeySetting, 'update')
      const before = sealed === undefined ? undefined : openRing(masterKey, sealed)
      if (sealed === undefined || !before) throw lacksMasterKey()
      const after = how(before)
      if (!after) return undefined
      if (!(await tx.replaceSetting(dataKeySetting, sealed, sealRing(masterKey, after, clock)))) throw lacksMasterKey()
      return { before, after }
    },
  }
}

const deriveAll = ({ keys }: RingState): readonly SealingKeys[] => keys.map(deriveSealingKeys)

const lacksMasterKey = () =>
  new HallpassError('unavailable', messages.unavailable, {
    retryAfter: 1,
    cause: new Error('The master key was changed. Restart this server with the new one.'),
  })
