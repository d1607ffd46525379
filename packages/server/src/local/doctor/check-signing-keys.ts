import { deriveSealingKeys } from '../../crypto/derive-keys.js'
import type { RingState } from '../../crypto/ring-state.js'
import { openKeyPair } from '../../signing/make-signing-key.js'
import type { Store } from '../../store/store.js'
import { type Check, failed, messageOf, ok, warning } from './check.js'

const what = 'signing keys'
const day = 86_400_000
/** A running server makes the next key after 30 days. */
const oldDays = 31

/** Whether there is a signing key that is active and can be opened. */
export async function checkSigningKeys(
  store: Pick<Store, 'listSigningKeys'>,
  dataKeys: RingState | undefined,
): Promise<Check> {
  const keys = await store.listSigningKeys()
  const now = Date.now()
  const active = keys.find(({ activates_at }) => activates_at <= now)
  if (!active) {
    if (keys.length === 0) return ok(what, 'none yet; the server makes the first one at start')
    return failed(
      what,
      'none is active, because all become active in the future',
      'Set the clock of this machine by NTP.',
    )
  }
  if (!dataKeys) return failed(what, 'they cannot be opened without the master key', 'Correct the master key first.')
  try {
    const derived = dataKeys.keys.map(deriveSealingKeys)
    const byId = (id: number) => derived.find((one) => one.id === id)
    for (const key of keys) await openKeyPair({ byId }, key)
  } catch (error) {
    return failed(what, messageOf(error), '`hallpass signing-keys revoke` removes a damaged key and makes a new one.')
  }
  const ageDays = Math.floor((now - active.activates_at) / day)
  if (ageDays >= oldDays) {
    return warning(what, `the active one is ${ageDays} days old`, 'Run `hallpass signing-keys rotate`.')
  }
  const others = keys.length > 1 ? `, and ${keys.length - 1} more for verification or announced` : ''
  return ok(what, `${active.alg} ${active.kid}, ${ageDays} days old${others}`)
}
