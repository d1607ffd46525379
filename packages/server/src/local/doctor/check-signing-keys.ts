import { deriveSealingKeys } from '../../crypto/derive-keys.js'
import type { RingState } from '../../crypto/ring-state.js'
import { openKeyPair } from '../../signing/make-signing-key.js'
import type { Store } from '../../store/store.js'
import { type Check, failed, ok, warning, wordsOf } from './check.js'

const what = 'signing keys'
const day = 86_400_000
/** A server that runs makes the next one at 30 days. */
const oldDays = 31

/** Whether there is a key that signs now and can be opened. */
export async function checkSigningKeys(
  store: Pick<Store, 'listSigningKeys'>,
  dataKeys: RingState | undefined,
): Promise<Check> {
  const keys = await store.listSigningKeys()
  const now = Date.now()
  const active = keys.find(({ activates_at }) => activates_at <= now)
  if (!active) {
    if (keys.length === 0) return ok(what, 'none yet; the first is made at start')
    return failed(what, 'none signs yet, all are of the future', 'Set the clock of this machine right.')
  }
  if (!dataKeys) return failed(what, 'they cannot be opened without the master key', 'Set the master key right first.')
  try {
    const derived = dataKeys.keys.map(deriveSealingKeys)
    const byId = (id: number) => derived.find((one) => one.id === id)
    for (const key of keys) await openKeyPair({ byId }, key)
  } catch (error) {
    return failed(what, wordsOf(error), '`hallpass signing-keys revoke` takes a damaged key away and makes another.')
  }
  const ageDays = Math.floor((now - active.activates_at) / day)
  if (ageDays >= oldDays) {
    return warning(what, `the active one is ${ageDays} days old`, 'Run `hallpass signing-keys rotate`.')
  }
  const others = keys.length > 1 ? `, and ${keys.length - 1} more that verify or are announced` : ''
  return ok(what, `${active.alg} ${active.kid}, ${ageDays} days old${others}`)
}
