import { findChangedRows } from '../../crypto/guard-rows.js'
import type { RingState } from '../../crypto/ring-state.js'
import type { Store } from '../../store/store.js'
import { type Check, ok, warning } from './check.js'

const what = 'keys'
const shownRows = 5

/** Whether secret keys and client keys are as a server wrote them. */
export async function checkKeyRows(store: Pick<Store, 'listGuardedRows'>, state: RingState): Promise<Check> {
  if (!state.protectsRows) return ok(what, 'not protected against changes in the database before the first rotation')
  const rows = await store.listGuardedRows()
  const changed = findChangedRows(rows, state)
  if (changed.length === 0) return ok(what, `${rows.length} secret keys and client keys, all as they were written`)
  const names = changed.slice(0, shownRows).map(({ table, id }) => `${table} ${id}`)
  const more = changed.length > shownRows ? ` and ${changed.length - shownRows} more` : ''
  const fix = 'Find out who can write to the database; docs/leaks.md says what to do. Then create these keys again.'
  return warning(what, `changed in the database, and refused: ${names.join(', ')}${more}`, fix)
}
