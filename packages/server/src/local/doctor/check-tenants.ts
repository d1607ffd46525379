import type { Store } from '../../store/store.js'
import { type Check, ok, warning } from './check.js'

const shown = 5

/** Whether accounts of one tree have the same tenant label, from before labels were unique. */
export async function checkTenants(store: Pick<Store, 'listSharedTenants'>): Promise<Check> {
  const accounts = await store.listSharedTenants(shown + 1)
  if (accounts.length === 0) return ok('tenants', 'every label is used once in its tree of accounts')
  const list = accounts.slice(0, shown).map(({ id, tenant }) => `${id} (${tenant})`)
  const more = accounts.length > shown ? ' and others' : ''
  return warning(
    'tenants',
    `another account of the same tree has the tenant label of ${list.join(', ')}${more}`,
    'Give each account its own label: change it in a fixture and run `hallpass fixture import`.',
  )
}
