import { type OperationId, type Operations, type OutputOf, operations } from '@hallpass/contracts'
import { systemClock } from '../clock.js'
import { listSigningKeys, revokeSigningKey, rotateSigningKey } from '../operations/admin/signing-keys.js'
import { type KeyRing, openKeyRing } from '../signing/key-ring.js'
import { ofChain, ofServer } from '../signing/key-states.js'
import type { Store } from '../store/store.js'
import { type HostOptions, type OpenHost, withDatabase } from './open-local.js'

type SigningKeys = OutputOf<Operations['admin.signingKeys.list']>

/** The signing keys of this host's database. A running server picks up a change within a second. */
export const signingKeysOnHost = {
  list: (options: HostOptions): Promise<SigningKeys> =>
    withKeyRing(options, (keyRing) => listSigningKeys.run({ keyRing })),
  rotate: (options: HostOptions) =>
    changeKeys(options, 'admin.signingKeys.rotate', {}, (deps) => rotateSigningKey.run(deps)),
  revoke: (options: HostOptions, kid: string): Promise<SigningKeys> =>
    changeKeys(options, 'admin.signingKeys.revoke', { kid }, (deps) => revokeSigningKey.run(deps, { kid })),
}

function changeKeys<T>(
  options: HostOptions,
  id: OperationId,
  input: Readonly<Record<string, unknown>>,
  change: (deps: { keyRing: KeyRing; store: Store }) => Promise<T>,
): Promise<T> {
  return withKeyRing(options, (keyRing, { store, record }) =>
    store.transaction(async (tx) => {
      const value = await change({ keyRing, store: tx })
      await record(tx, { operation: operations[id], accountId: null, input, value })
      return value
    }),
  )
}

function withKeyRing<T>(options: HostOptions, work: (keyRing: KeyRing, open: OpenHost) => Promise<T>): Promise<T> {
  return withDatabase(options, async (open, config) => {
    const { store, keys } = open
    // the algorithm is a setting of the server, and this process may not have it
    const [newest] = ofChain(await store.listSigningKeys(), ofServer)
    const alg = newest?.alg ?? config.signingAlg
    return work(await openKeyRing({ clock: systemClock, store, dataKeys: keys.ring, alg }), open)
  })
}
