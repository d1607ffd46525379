import { embedPolicy, type Operations, type OutputOf, type ParsedInputOf } from '@hallpass/contracts'
import { HallpassError } from '../../errors.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Store } from '../../store/store.js'

type Get = Operations['admin.clientKeys.embedPolicy']

interface Needs {
  readonly account: Account
  readonly issuer: () => string
  readonly widgetOrigins: ReadonlySet<string>
  readonly store: Pick<Store, 'findClientKeyById'>
}

export const getEmbedPolicy = {
  async act(needs: Needs, { client_key_id, origin }: ParsedInputOf<Get>): Promise<OutputOf<Get>> {
    const key = await needs.store.findClientKeyById(needs.account.id, client_key_id)
    if (!key) throw new HallpassError('not_found', 'No such client key in this account.')
    const widgetOrigins = [...needs.widgetOrigins]
    return embedPolicy({ rules: key.allowlist, service: needs.issuer(), widgetOrigins, origin })
  },
}
