import { embedPolicy, type Operations, type OutputOf, type ParsedInputOf } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Store } from '../../store/store.js'

type Get = Operations['admin.clientKeys.embedPolicy']

interface Deps {
  readonly account: Account
  readonly issuer: () => string
  readonly widgetOrigins: ReadonlySet<string>
  readonly store: Pick<Store, 'findClientKeyById'>
}

export const getEmbedPolicy = {
  async run(deps: Deps, { client_key_id, origin }: ParsedInputOf<Get>): Promise<OutputOf<Get>> {
    const key = await deps.store.findClientKeyById(deps.account.id, client_key_id)
    if (!key) throw new HallpassError('not_found', messages.notInAccount('client key'))
    const widgetOrigins = [...deps.widgetOrigins]
    return embedPolicy({ rules: key.allowlist, service: deps.issuer(), widgetOrigins, origin })
  },
}
