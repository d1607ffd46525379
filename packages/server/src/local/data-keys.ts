import { systemClock } from '../clock.js'
import { StartError } from '../errors.js'
import { type RotatedDataKey, rotateDataKey } from '../signing/rotate-data-key.js'
import { type HostOptions, withDatabase } from './open-local.js'

/** Makes a new data key in this host's database. A running server picks it up within a second. */
export function rotateDataKeyOnHost(
  options: HostOptions,
  { forgetOld }: { readonly forgetOld: boolean },
): Promise<RotatedDataKey> {
  return withDatabase(options, ({ store, keys, record }) =>
    store.transaction(async (tx) => {
      const value = await rotateDataKey({ clock: systemClock, dataKeys: keys.ring, store: tx }, { forgetOld })
      if (!value) throw new StartError('No new data key was made.')
      const input = { forget_old: forgetOld, data_key: value.id }
      await record(tx, { operation: { id: 'dataKey.rotate' }, accountId: null, input, value })
      return value
    }),
  )
}
