import { timeOfId } from '@hallpass/contracts'
import type { Store } from '../../store/store.js'
import { type Check, failed, ok } from './check.js'

const what = 'clock'
const toleranceMilliseconds = 30_000

/** Whether the clock stands behind what the database already holds: then tokens would be refused, or live too long. */
export async function checkClock(
  store: Pick<Store, 'listSigningKeys' | 'listAuditEntries' | 'listRefusals'>,
): Promise<Check> {
  const page = { before: undefined, limit: 1 }
  const [keys, changes, refusals] = await Promise.all([
    store.listSigningKeys(),
    store.listAuditEntries('everyone', 0, page),
    store.listRefusals('everyone', 0, page),
  ])
  const newest = Math.max(
    0,
    ...keys.map((key) => key.created_at),
    ...[...changes, ...refusals].map(({ id }) => timeOfId(id)),
  )
  const now = Date.now()
  if (newest - now <= toleranceMilliseconds) return ok(what, new Date(now).toISOString())
  const found = `it says ${new Date(now).toISOString()}, and the database holds something of ${new Date(newest).toISOString()}`
  return failed(what, found, 'Set the clock of this machine right, by NTP; tokens live by it.')
}
