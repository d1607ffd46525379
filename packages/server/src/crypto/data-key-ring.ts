import type { Clock } from '../clock.js'
import { HallpassError } from '../errors.js'
import type { Store } from '../store/store.js'
import { deriveSealingKeys, type LookupKeys, type SealingKeys } from './derive-keys.js'
import type { RingState } from './ring-state.js'
import { dataKeySetting, generationOf, openRing, sealRing } from './seal-ring.js'

/** The data keys that are in use at this moment: the newest seals, all that are left open. */
export interface DataKeyRing {
  /** The keys to seal with. Throws 503 where another process made data keys that this one's master key doesn't open. */
  readonly active: () => SealingKeys
  /** The keys that this id stands for; undefined for one that was forgotten, or that isn't known (yet). */
  readonly byId: (id: number) => SealingKeys | undefined
  /** The keys to seal with, which stay the newest until the transaction is over. */
  readonly current: (tx: Pick<Store, 'lockSetting'>) => Promise<SealingKeys>
  /** Looks once whether another process has made this key. At most once a second, since callers can make ids up. */
  readonly learn: (id: number) => Promise<void>
  /** Looks for a key that a row names, by the connection that read the row; see {@link learn}. */
  readonly learnFrom: (source: Pick<Store, 'findSetting'>, id: number) => Promise<void>
  /** Whether rows of keys have codes. */
  readonly protectsRows: () => boolean
  /** Reads the ring again, in case another process changed it. */
  readonly reload: () => Promise<void>
  /** Whether its newest key is known, and how old all keys are. Times in milliseconds. */
  readonly status: () => RingStatus
}

/** Everything that is hashed or sealed with. All keys have 32 bytes. */
export interface DerivedKeys extends LookupKeys {
  readonly ring: DataKeyRing
}

export interface RingStatus {
  readonly isUsable: boolean
  readonly keys: readonly { readonly id: number; readonly createdAt: number }[]
}

/** The ring as the host's own work changes it. */
export interface OwnDataKeyRing extends DataKeyRing {
  /** Changes the ring, in a transaction that began with it; another process's change in between waits, or comes first. */
  readonly change: (
    tx: Pick<Store, 'lockSetting' | 'replaceSetting'>,
    how: (state: RingState) => RingState | undefined,
  ) => Promise<{ readonly before: RingState; readonly after: RingState } | undefined>
}

interface Deps {
  readonly clock: Pick<Clock, 'random'>
  readonly masterKey: Buffer
  readonly store: Pick<Store, 'findSetting'>
  /** Milliseconds since some moment, never going back. */
  readonly elapsed?: () => number
}

const learnMilliseconds = 1_000

/** Holds the ring in memory, beginning with a state that the master key opened. */
export function holdDataKeys(deps: Deps, first: RingState): OwnDataKeyRing {
  const { clock, masterKey, store, elapsed = () => performance.now() } = deps
  let state = first
  let derived = deriveAll(first)
  let isUsable = true
  let lastLearned = Number.NEGATIVE_INFINITY

  /** A state that isn't newer is a slow answer, or an old row that somebody put back. */
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
      // ids only grow
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
  new HallpassError('unavailable', 'The service is temporarily unavailable; try again.', {
    retryAfter: 1,
    cause: new Error('the master key was changed; start this server again with the new one'),
  })
