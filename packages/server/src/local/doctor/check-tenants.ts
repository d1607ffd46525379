import type { Store } from '../../store/store.js'
import { type Check, ok, warning } from './check.js'

const shown = 5

/** Whether accounts of one tree share a tenant label, from before labels were unique. */
export async function checkTenants(store: Pick<Store, 'listSharedTenants'>): Promise<Check> {
  const accounts = await store.listSharedTenants(shown + 1)
  if (accounts.length === 0) return ok('tenants', 'each label is unique in its tree of accounts')
  const list = accounts.slice(0, shown).map(({ id, tenant }) => `${id} (${tenant})`)
  const more = accounts.length > shown ? ' and others' : ''
  return warning(
    'tenants',
    `these accounts share their tenant label with another account of their tree: ${list.join(', ')}${more}`,
    'Give each account its own label: change it in a fixture and run `hallpass fixture import`.',
  )
}
