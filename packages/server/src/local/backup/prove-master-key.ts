import type { Config } from '../../config.js'
import { fingerprintOf, keyFileOf, readKeyFile } from '../../crypto/master-key.js'
import type { RingState } from '../../crypto/ring-state.js'
import { openRing } from '../../crypto/seal-ring.js'
import { StartError } from '../../errors.js'

interface Sealed {
  /** The sealed data key of the database. */
  readonly dataKey: string
  /** The fingerprint of the master key that it needs, if stored. */
  readonly fingerprint?: string | undefined
}

/** A master key that was verified, and what it opened. */
export interface ProvedMasterKey {
  readonly key: Buffer
  readonly fingerprint: string
  readonly ring: RingState
}

/** Finds the master key of a database in the same places as the server. */
export function proveMasterKey(config: Config, path: string | undefined, sealed: Sealed): ProvedMasterKey {
  const keyFile = path === undefined ? undefined : keyFileOf(path)
  const where = config.masterKey ? 'HALLPASS_MASTER_KEY' : keyFile
  const key = config.masterKey ?? (keyFile === undefined ? undefined : readKeyFile(keyFile))
  const needed = sealed.fingerprint === undefined ? '' : ` with the fingerprint ${sealed.fingerprint}`
  if (!key) {
    const other = keyFile === undefined ? '' : `, or put the key into ${keyFile}`
    throw new StartError(`The master key${needed} is missing. Set HALLPASS_MASTER_KEY${other}.`)
  }
  const ring = openRing(key, sealed.dataKey)
  if (ring) return { key, fingerprint: fingerprintOf(key), ring }
  throw new StartError(
    `The master key${needed} is needed, but the one in ${where} has the fingerprint ${fingerprintOf(key)}.`,
  )
}
