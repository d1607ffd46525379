import {
  type BackendCaller,
  type BackendOperation,
  holdsScope,
  isPlainObject,
  KindName,
  requestHeaders,
  type Scope,
} from '@hallpass/contracts'
import { keyedHash } from '../crypto/keyed-hash.js'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { isoDay } from '../iso-time.js'
import { isStoreFailure } from '../store/failure.js'
import type { Account } from '../store/queries/accounts.js'
import type { RequestHeaders } from './call.js'
import type { CheckCredential } from './check-credential.js'
import type { SecretKeyContext } from './contexts.js'
import { explainAccount, explainScope, explainSecretKey } from './explain.js'
import { actingAccountId, sentKey } from './request-headers.js'
import type { Services } from './services.js'

/** The secret key of a backend, and its account. Unknown and disabled keys get the same response. */
export async function identifyBackend(
  services: Services,
  { headers, caller }: { readonly headers: RequestHeaders; readonly caller: Pick<BackendCaller, 'basic'> },
  check: CheckCredential,
): Promise<Pick<SecretKeyContext, 'apiKey' | 'account'>> {
  const sent = sentKey(headers, caller)
  const { secret } = sent
  const find = async (text: string) =>
    services.store.findApiKeyBySecret(keyedHash(services.keys.apiKeyHash, text), services.clock.now())
  const found = secret && (await check(() => find(secret)))
  if (!found) {
    const explain = () => explainSecretKey(services, headers, sent)
    throw new HallpassError('unauthenticated', messages.invalidApiKey, { explain, scheme: sent.scheme })
  }
  const today = isoDay(services.clock.now())
  if (found.apiKey.lastUsedOn !== today) await noteUse(services, found, today)
  return found
}

/** Notes the day. If the database can only be read, because its disk is full, the call still succeeds. */
async function noteUse(
  { store }: Services,
  { apiKey, account }: Pick<SecretKeyContext, 'apiKey' | 'account'>,
  today: string,
) {
  try {
    await store.noteApiKeyUse(account.id, apiKey.id, today)
  } catch (error) {
    if (!isStoreFailure(error)) throw error
  }
}

/** Refuses the keys of a disabled account. Only someone who knows an active key learns that its account is disabled. */
export function requireEnabled({ id, name, disabled }: Account): void {
  if (!disabled) return
  const explain = () => ({ accountId: id, seen: `account "${name}", which is disabled` })
  throw new HallpassError('account_disabled', messages.accountDisabled, { explain })
}

/** While an account is disabled, its parent can administer it and end its tokens, but not issue or spend any. */
export function requireEnabledFor(
  { mints, spends }: Pick<BackendOperation, 'mints' | 'spends'>,
  account: Account,
): void {
  if (mints !== null || spends !== null) requireEnabled(account)
}

export function requireScope({ apiKey }: Pick<SecretKeyContext, 'apiKey'>, scope: Scope | 'any'): void {
  const { scopes } = apiKey
  if (scope === 'any' || holdsScope(scopes, scope)) return
  const explain = () => explainScope(apiKey, scope)
  throw new HallpassError('insufficient_scope', messages.missingScope(scope), { explain })
}

/**
 * Requires the scope of an operation, or the one for the kind that the input names. Only a key that has a scope of the
 * latter form gets its input read so early.
 */
export function requireScopeOf(
  context: Pick<SecretKeyContext, 'apiKey'>,
  { scope, kindScope }: Pick<BackendCaller, 'scope' | 'kindScope'>,
  input: () => unknown,
): void {
  const isOfKind = (held: Scope) => held.startsWith('kind:') && held.endsWith(`:${kindScope}`)
  if (kindScope === undefined || !context.apiKey.scopes.some(isOfKind)) {
    requireScope(context, scope)
    return
  }
  const raw = input()
  const { data: kind } = KindName.safeParse(isPlainObject(raw) ? raw.kind : undefined)
  // an input without a valid kind is refused when it is parsed
  if (kind !== undefined) requireScope(context, `kind:${kind}:${kindScope}`)
}

/**
 * The account in scope: the key's own, or the child in `Straddle-Account-Id`. Other and unknown accounts get the same
 * response.
 */
export async function findAccountInScope(services: Services, own: Account, headers: RequestHeaders): Promise<Account> {
  const id = actingAccountId(headers)
  if (id === undefined || id === own.id) return own
  const account = await services.store.findActingAccount(own.id, id)
  if (account) return account
  throw new HallpassError('not_found', messages.noAccount, {
    items: [{ reference: requestHeaders.accountId, detail: 'no such account in the scope of this API key' }],
    explain: () => explainAccount(id),
  })
}
