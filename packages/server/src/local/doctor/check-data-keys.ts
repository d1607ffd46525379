import { maxAgeMilliseconds, type RingState } from '../../crypto/ring-state.js'
import { type Check, ok, warning } from './check.js'

const what = 'data keys'
const day = 86_400_000

/** How many data keys there are, and whether the sealing one is rotated in time. */
export function checkDataKeys({ keys: [newest, ...old] }: RingState): Check {
  const fix = 'Run `hallpass data-key rotate`. A running server rotates it automatically.'
  if (newest.id === 0) return warning(what, 'the only one is from a version that did not rotate data keys', fix)
  const ageDays = Math.floor((Date.now() - newest.createdAt) / day)
  const others = old.length > 0 ? `; ${old.length} older ones only open` : ''
  const found = `number ${newest.id} seals, ${ageDays} days old${others}`
  return ageDays > maxAgeMilliseconds / day + 1 ? warning(what, found, fix) : ok(what, found)
}
