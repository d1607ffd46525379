import { systemClock } from '../clock.js'
import { fingerprintOf, parseMasterKey } from '../crypto/master-key.js'
import { readSecret } from '../crypto/read-secret.js'
import { dataKeySetting, openRing, sealRing } from '../crypto/seal-ring.js'
import { StartError } from '../errors.js'
import { type HostOptions, withDatabase } from './open-local.js'

/**
 * Seals the data keys under the key of HALLPASS_NEW_MASTER_KEY, which comes from wherever a secret can. Running
 * servers continue, and need the new key at their next start.
 */
export async function changeMasterKey(options: HostOptions): Promise<void> {
  const written = readSecret(options.env ?? {}, 'HALLPASS_NEW_MASTER_KEY')
  if (written === undefined) throw new StartError('HALLPASS_NEW_MASTER_KEY is not set.')
  const next = parseMasterKey(written, 'HALLPASS_NEW_MASTER_KEY')
  await withDatabase(options, async ({ store, record }, { masterKey }) => {
    const sealed = await store.findSetting(dataKeySetting)
    if (!masterKey || sealed === undefined) {
      throw new StartError('HALLPASS_MASTER_KEY must be set to the current master key.')
    }
    const state = openRing(masterKey, sealed)
    const resealed = state && sealRing(next, state, systemClock)
    await store.transaction(async (tx) => {
      if (!resealed || !(await tx.replaceSetting(dataKeySetting, sealed, resealed))) {
        throw new StartError('Another process changed the master key in the meantime.')
      }
      const input = { from: fingerprintOf(masterKey), to: fingerprintOf(next) }
      await record(tx, { operation: { id: 'masterKey.change' }, accountId: null, input, value: {} })
    })
  })
}
