import type { Clock } from '../clock.js'
import { createRingSealer } from '../crypto/audit-sealer.js'
import type { OwnDataKeyRing } from '../crypto/data-key-ring.js'
import { deriveSealingKeys } from '../crypto/derive-keys.js'
import { renewCodes } from '../crypto/guard-rows.js'
import { newKey } from '../crypto/master-key.js'
import { expiredKeys, maxAgeMilliseconds, type RingState, rotated, withoutExpired } from '../crypto/ring-state.js'
import { StartError } from '../errors.js'
import type { Store } from '../store/store.js'
import { resealWebhookSecrets } from '../webhooks/webhook-secret.js'
import { resealPrivateKey } from './make-signing-key.js'

interface Deps {
  readonly clock: Clock
  readonly dataKeys: OwnDataKeyRing
  readonly store: Store
}

/** The result of a rotation: the id of the key that seals now, and how many older keys still open. */
export interface RotatedDataKey {
  readonly id: number
  readonly older: number
}

/**
 * Makes a new data key, and seals everything long-lived under it; `store` is a transaction. With `forgetOld`,
 * everything else that the old keys sealed becomes invalid. Call {@link DataKeyRing.reload} once the transaction is
 * over.
 */
export async function rotateDataKey(
  { clock, dataKeys, store }: Deps,
  { forgetOld, isDue = () => true }: { readonly forgetOld: boolean; readonly isDue?: (state: RingState) => boolean },
): Promise<RotatedDataKey | undefined> {
  await store.lockGuardedRows()
  const changed = await dataKeys.change(store, (state) =>
    isDue(state) ? rotated(state, newKey(clock), clock.now(), forgetOld) : undefined,
  )
  if (!changed) return undefined
  const [newest, ...older] = changed.after.keys
  const sealing = deriveSealingKeys(newest)
  const known = [sealing, ...changed.before.keys.map(deriveSealingKeys)]
  const opening = { byId: (id: number) => known.find((keys) => keys.id === id) }
  for (const key of await store.listSigningKeys()) {
    const resealed = openOrSkip(() => resealPrivateKey(opening, key, sealing, clock.random))
    if (resealed !== undefined) await store.resealSigningKey(key.kid, key.sealed_private, resealed)
  }
  for (const endpoint of await store.listWebhookSecrets()) {
    const resealed = resealWebhookSecrets(opening, endpoint, sealing, clock.random)
    if (resealed) await store.resealWebhookSecrets(endpoint, resealed)
  }
  const ring = { ...opening, active: () => sealing, current: async () => sealing }
  await store.resealAuditChains(createRingSealer(ring))
  const rows = renewCodes(await store.listGuardedRows(), changed.before, sealing)
  for (const row of rows) await store.writeRowMac(row, row.mac)
  return { id: newest.id, older: older.length }
}

const legacyMilliseconds = 24 * 3_600_000
const legacySetting = 'data_key_seen'

/** Makes a new data key if the current one is old, and drops keys whose sealed contents have all expired. */
export async function maintainDataKeys(deps: Deps & { readonly log: Log }): Promise<MaintainedDataKeys> {
  const { clock, dataKeys, store, log } = deps
  await dataKeys.reload()
  // a process whose master key was changed can't make a key; its readiness check reports that
  if (!dataKeys.status().isUsable) return {}
  const since = await sealsSince(deps)
  const now = clock.now()
  let made: number | undefined
  if (now - since.createdAt > since.maxAge) {
    const isDue = ({ keys: [{ id }] }: RingState) => id === since.id
    const done = await store.transaction((tx) => rotateDataKey({ ...deps, store: tx }, { forgetOld: false, isDue }))
    made = done?.id
    if (done) log.info({ dataKey: done.id }, 'A new data key was made.')
  }
  const expired = expiredKeys(dataKeys.status(), now)
  if (expired.length > 0) {
    await store.transaction((tx) => dataKeys.change(tx, (state) => withoutExpired(state, now)))
    log.info({ dataKeys: expired }, 'Data keys without unexpired contents were deleted.')
  }
  await dataKeys.reload()
  return { made, ...(expired.length > 0 ? { forgotten: expired } : {}) }
}

/** The changes that maintenance made to the data keys, by their ids. */
export interface MaintainedDataKeys {
  readonly made?: number | undefined
  readonly forgotten?: readonly number[]
}

interface Log {
  readonly info: (fields: object, message: string) => void
}

/**
 * A key from before ids existed has no date. It gets a day from when it was first seen, so that a rolling upgrade can
 * finish.
 */
async function sealsSince({ clock, dataKeys, store }: Deps) {
  const [newest] = dataKeys.status().keys
  if (!newest) throw new StartError('There is no data key.')
  if (newest.id !== 0) return { ...newest, maxAge: maxAgeMilliseconds }
  await store.insertSetting(legacySetting, String(clock.now()))
  const createdAt = Number(await store.findSetting(legacySetting))
  return { id: 0, createdAt, maxAge: legacyMilliseconds }
}

/** A damaged row stays unchanged, because it is useless under any key. */
function openOrSkip(reseal: () => string): string | undefined {
  try {
    return reseal()
  } catch (error) {
    if (error instanceof StartError) return undefined
    throw error
  }
}
