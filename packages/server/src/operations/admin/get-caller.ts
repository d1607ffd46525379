import type { Operations, OutputOf } from '@hallpass/contracts'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import { showAccount } from './accounts.js'
import { toTime } from './pagination.js'

type Get = Operations['admin.caller.get']

interface Deps {
  /** The account in scope: the key's own, or the child that it acts for. */
  readonly account: Account
  readonly apiKey: ApiKey
}

/** The calling key and the account that it acts on. */
export const getCaller = {
  async run({ account, apiKey }: Deps): Promise<OutputOf<Get>> {
    const { id, name, scopes, hint, expiresAt } = apiKey
    const expires_at = expiresAt === null ? null : toTime(expiresAt)
    return { api_key: { id, name, scopes: [...scopes], hint, expires_at }, account: showAccount(account) }
  },
}
