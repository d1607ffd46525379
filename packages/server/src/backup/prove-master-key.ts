import type { Config } from '../config.js'
import { StartError } from '../errors.js'
import { fingerprintOf, keyFileOf, readKeyFile } from '../keys/master-key.js'
import { openRing } from '../keys/seal-ring.js'

interface Sealed {
  /** The sealed data key of the database. */
  readonly dataKey: string
  /** The fingerprint of the master key that it needs, where that is noted. */
  readonly fingerprint?: string | undefined
}

/** The fingerprint of the master key of a database, once that key has proved right; looked for where the server looks. */
export function proveMasterKey(config: Config, path: string, sealed: Sealed): string {
  const keyFile = keyFileOf(path)
  const where = config.masterKey ? 'HALLPASS_MASTER_KEY' : keyFile
  const key = config.masterKey ?? readKeyFile(keyFile)
  const needed = sealed.fingerprint === undefined ? '' : ` with the fingerprint ${sealed.fingerprint}`
  if (!key) throw new StartError(`the master key${needed} is needed: set HALLPASS_MASTER_KEY, or put it at ${keyFile}`)
  if (openRing(key, sealed.dataKey)) return fingerprintOf(key)
  throw new StartError(
    `the master key${needed} is needed; the one in ${where} is another, with the fingerprint ${fingerprintOf(key)}`,
  )
}
