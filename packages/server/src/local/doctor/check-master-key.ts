import type { Config } from '../../config.js'
import { keyFileOf, readKeyFile } from '../../crypto/master-key.js'
import type { RingState } from '../../crypto/ring-state.js'
import { dataKeySetting, openRing } from '../../crypto/seal-ring.js'
import { keyFileExposure, masterKeyExposure } from '../../exposure/exposure.js'
import { isPostgresUrl } from '../../store/resolve-database.js'
import type { Inspection } from '../../store/sqlite/inspect-sqlite.js'
import { type Check, exposed, failed, messageOf, ok } from './check.js'

const what = 'master key'

/** Whether the database's data keys can be opened. Returns them for later checks. */
export async function checkMasterKey(
  config: Config,
  path: string | undefined,
  look: Inspection | undefined,
  strict: boolean,
): Promise<{ readonly check: Check; readonly dataKeys?: RingState }> {
  const file = path === undefined ? undefined : keyFileOf(path)
  const where = config.masterKey ? 'HALLPASS_MASTER_KEY' : (file ?? 'memory')
  let key: Buffer | undefined
  try {
    key = config.masterKey ?? (file === undefined ? undefined : readKeyFile(file))
  } catch (error) {
    return { check: failed(what, messageOf(error), `Restore ${where} from your backup of the master key.`) }
  }
  const generated = strict ? masterKeyExposure(config) : undefined
  const sealed = look && !look.isNew ? await look.store.findSetting(dataKeySetting) : undefined
  if (!key && isPostgresUrl(config.databaseUrl)) {
    const fix = 'Set HALLPASS_MASTER_KEY. docs/configuration.md shows how to make one.'
    return { check: failed(what, 'not set, and with PostgreSQL a server does not make its own', fix) }
  }
  if (sealed === undefined) {
    if (generated) return { check: exposed(generated, strict) }
    return {
      check: ok(
        what,
        key ? `in ${where}, for a new database` : 'none yet; a server with only sandbox accounts makes one',
      ),
    }
  }
  if (!key) {
    const fix = `Restore ${where}, or set HALLPASS_MASTER_KEY to the key that the database was created with.`
    return { check: failed(what, 'the key of this database is missing', fix) }
  }
  const dataKeys = openRing(key, sealed)
  if (!dataKeys) {
    const fix =
      'Use the key that the database was created with. Without it, the secrets in the database cannot be read.'
    return { check: failed(what, `the one in ${where} does not open this database`, fix) }
  }
  const exposure = generated ?? (path === undefined ? undefined : keyFileExposure(path, config))
  return { check: exposure ? exposed(exposure, strict) : ok(what, `in ${where}`), dataKeys }
}
