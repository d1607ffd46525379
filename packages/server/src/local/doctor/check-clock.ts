import { timeOfId } from '@hallpass/contracts'
import { maxSkewMilliseconds } from '../../database-clock.js'
import type { Store } from '../../store/store.js'
import { type Check, failed, ok } from './check.js'

const what = 'clock'

/** Whether the clock stands beside the database's own, where it has one, and not behind what is in there: then tokens would be refused, or live too long. */
export async function checkClock(
  store: Pick<Store, 'listSigningKeys' | 'listAuditEntries' | 'listRefusals'>,
  databaseTime: number | undefined,
): Promise<Check> {
  const skew = databaseTime === undefined ? 0 : Date.now() - databaseTime
  if (Math.abs(skew) > maxSkewMilliseconds) {
    const found = `it is ${Math.abs(Math.round(skew / 1000))} s ${skew < 0 ? 'behind' : 'ahead of'} the database's`
    return failed(what, found, 'Set both clocks right, by NTP; until then a server here is not ready.')
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
  const found = `it says ${new Date(now).toISOString()}, and the database holds something of ${new Date(newest).toISOString()}`
  return failed(what, found, 'Set the clock of this machine right, by NTP; tokens live by it.')
}
