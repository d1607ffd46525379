import { timeOfId } from '@hallpass/contracts'
import { maxSkewMilliseconds } from '../../database-clock.js'
import type { Store } from '../../store/store.js'
import { type Check, failed, ok } from './check.js'

const what = 'clock'

/**
 * Whether the clock agrees with the database's clock, if it has one, and isn't behind the times stored in the database.
 * Otherwise tokens would be rejected or live too long.
 */
export async function checkClock(
  store: Pick<Store, 'listSigningKeys' | 'listAuditEntries' | 'listRefusals'>,
  databaseTime: number | undefined,
): Promise<Check> {
  const skew = databaseTime === undefined ? 0 : Date.now() - databaseTime
  if (Math.abs(skew) > maxSkewMilliseconds) {
    const found = `it is ${Math.abs(Math.round(skew / 1000))} s ${skew < 0 ? 'behind' : 'ahead of'} the database's`
    return failed(what, found, 'Set both clocks by NTP. Until then, a server here is not ready.')
  }
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
  if (newest - now <= maxSkewMilliseconds) return ok(what, new Date(now).toISOString())
  const found = `it shows ${new Date(now).toISOString()}, but the database contains a later time, ${new Date(newest).toISOString()}`
  return failed(what, found, 'Set the clock of this machine by NTP. The lifetimes of tokens depend on it.')
}
