import type { RingStatus } from '../crypto/data-key-ring.js'
import type { KeyStatus } from '../signing/key-states.js'
import type { CacheCounts } from '../store/cache.js'
import type { PoolState } from '../store/database.js'

/** What is true of a server at a moment, read when a collector asks. */
export interface ServerState {
  readonly version: string
  readonly database: 'postgresql' | 'sqlite'
  /** The connections to PostgreSQL. */
  readonly pool: PoolState | undefined
  /** By name. */
  readonly caches: Readonly<Record<string, CacheCounts>>
  readonly signingKeys: readonly Pick<KeyStatus, 'alg' | 'state' | 'activates_at'>[]
  readonly dataKeys: RingStatus['keys']
}
