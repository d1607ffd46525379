import type { Config } from '../../config.js'
import { fingerprintOf, keyFileOf, readKeyFile } from '../../crypto/master-key.js'
import type { RingState } from '../../crypto/ring-state.js'
import { openRing } from '../../crypto/seal-ring.js'
import { StartError } from '../../errors.js'

interface Sealed {
  /** The sealed data key of the database. */
  readonly dataKey: string
  /** The fingerprint of the master key that it needs, where that is noted. */
  readonly fingerprint?: string | undefined
}

/** A master key that has proved right, and what it opened. */
export interface ProvedMasterKey {
  readonly key: Buffer
  readonly fingerprint: string
  readonly ring: RingState
}

/** The master key of a database, looked for where the server looks. */
export function proveMasterKey(config: Config, path: string, sealed: Sealed): ProvedMasterKey {
  const keyFile = keyFileOf(path)
  const where = config.masterKey ? 'HALLPASS_MASTER_KEY' : keyFile
  const key = config.masterKey ?? readKeyFile(keyFile)
  const needed = sealed.fingerprint === undefined ? '' : ` with the fingerprint ${sealed.fingerprint}`
  if (!key) throw new StartError(`the master key${needed} is needed: set HALLPASS_MASTER_KEY, or put it at ${keyFile}`)
  const ring = openRing(key, sealed.dataKey)
  if (ring) return { key, fingerprint: fingerprintOf(key), ring }
  throw new StartError(
    `the master key${needed} is needed; the one in ${where} is another, with the fingerprint ${fingerprintOf(key)}`,
  )
}
