import {
  ClientKeyId,
  KindName,
  type OutputOf,
  type ParsedInputOf,
  type tokensIdentify,
  uuidPattern,
} from '@hallpass/contracts'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { keyedHash } from '../../crypto/keyed-hash.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { Store } from '../../store/store.js'

type Identified = OutputOf<typeof tokensIdentify>['data']

interface Deps {
  readonly account: Pick<Account, 'id'>
  /** The calling key. */
  readonly apiKey: Pick<ApiKey, 'id'>
  readonly keys: Pick<DerivedKeys, 'apiKeyHash'>
  readonly store: Pick<
    Store,
    | 'findClientKeyById'
    | 'findClientKeyIncludingDisabled'
    | 'findApiKey'
    | 'findApiKeyIncludingDisabled'
    | 'findCustomer'
    | 'findCard'
    | 'findKind'
    | 'findActingAccount'
  >
}

/**
 * Finds everything in the account that a text may refer to. A secret key is found by the hash of its secret, as in a
 * call.
 */
export const identify = {
  async run(deps: Deps, { id_or_secret: text }: ParsedInputOf<typeof tokensIdentify>): Promise<{ data: Identified }> {
    return {
      data: [
        ...(await findClientKeys(deps, text)),
        ...(await findApiKeys(deps, text)),
        ...(await findRecords(deps, text)),
        ...(await findKinds(deps, text)),
      ],
    }
  },
}

async function findClientKeys({ account, store }: Deps, text: string): Promise<Identified> {
  const byId = await store.findClientKeyById(account.id, text)
  // only a public name may reach a query with the credential in it, because the database could log the query
  const byName = ClientKeyId.safeParse(text).success ? await store.findClientKeyIncludingDisabled(text) : undefined
  return [byId, byName].flatMap((key) =>
    key?.accountId === account.id ? [{ kind: 'client_key' as const, id: key.id }] : [],
  )
}

async function findApiKeys({ account, apiKey, keys, store }: Deps, text: string): Promise<Identified> {
  const bySecret = await store.findApiKeyIncludingDisabled(keyedHash(keys.apiKeyHash, text))
  return [await store.findApiKey(account.id, text), bySecret].flatMap((key) => {
    if (key?.accountId !== account.id) return []
    return [{ kind: 'api_key' as const, id: key.id, ...(key.id === apiKey.id ? { is_caller: true as const } : {}) }]
  })
}

/** Records that have a UUID, in upper or lower case. */
async function findRecords({ account, store }: Deps, text: string): Promise<Identified> {
  if (!uuidPattern.test(text)) return []
  const id = text.toLowerCase()
  return [
    ...((await store.findActingAccount(account.id, id)) ? [{ kind: 'account' as const, id }] : []),
    ...((await store.findCustomer(account.id, id)) ? [{ kind: 'customer' as const, id }] : []),
    ...((await store.findCard(account.id, id)) ? [{ kind: 'card' as const, id }] : []),
  ]
}

async function findKinds({ account, store }: Deps, text: string): Promise<Identified> {
  // a text that can't be a name may be a secret, which no query may contain
  const kind = KindName.safeParse(text).success ? await store.findKind(account.id, text) : undefined
  return kind ? [{ kind: 'kind', id: kind.id }] : []
}
