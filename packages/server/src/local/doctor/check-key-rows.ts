import { findChangedRows } from '../../crypto/guard-rows.js'
import type { RingState } from '../../crypto/ring-state.js'
import type { Store } from '../../store/store.js'
import { type Check, ok, warning } from './check.js'

const what = 'keys'
const shownRows = 5

/** Whether secret keys and client keys are unchanged since a server wrote them. */
export async function checkKeyRows(store: Pick<Store, 'listGuardedRows'>, state: RingState): Promise<Check> {
  if (!state.protectsRows)
    return ok(what, 'not protected against changes in the database until the first rotation of the data key')
  const rows = await store.listGuardedRows()
  const changed = findChangedRows(rows, state)
  if (changed.length === 0) return ok(what, `${rows.length} secret keys and client keys, all unchanged`)
  const names = changed.slice(0, shownRows).map(({ table, id }) => `${table} ${id}`)
  const more = changed.length > shownRows ? ` and ${changed.length - shownRows} more` : ''
  const fix = 'Find out who can write to the database, and follow docs/leaks.md. Then create these keys again.'
  return warning(what, `changed in the database and therefore rejected: ${names.join(', ')}${more}`, fix)
}
