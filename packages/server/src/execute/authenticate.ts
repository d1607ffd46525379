import { allowsOrigin, ClientKeyId, requestHeaders, type Scope } from '@hallpass/contracts'
import { HallpassError } from '../errors.js'
import { keyedHash } from '../keys/keyed-hash.js'
import { openRefreshToken, timeFaultOf } from '../sessions/refresh-token.js'
import type { Account } from '../store/accounts.js'
import type { ClientKey } from '../store/client-keys.js'
import { isStoreFailure } from '../store/failure.js'
import type { RequestHeaders } from './call.js'
import type { CheckCredential } from './check-credential.js'
import type { ClientKeyContext, RefreshTokenContext, SecretKeyContext, VisitorTokenContext } from './contexts.js'
import { explainAccount, explainPage, explainRefreshToken, explainScope, explainSecretKey } from './explain.js'
import { actingAccountId, bearerToken } from './request-headers.js'
import type { Services } from './services.js'

/** Who is behind a secret key. Unknown and disabled keys are one answer. */
export async function authenticateSecretKey(
  services: Services,
  headers: RequestHeaders,
  check: CheckCredential,
): Promise<Pick<SecretKeyContext, 'apiKey' | 'account'>> {
  const secret = bearerToken(headers)
  const find = async (text: string) =>
    services.store.findApiKeyBySecret(keyedHash(services.keys.apiKeyHash, text), services.clock.now())
  const found = secret && (await check(() => find(secret)))
  if (!found) {
    const explain = () => explainSecretKey(services, headers, secret)
    throw new HallpassError('unauthenticated', 'Missing or invalid API key.', { explain })
  }
  await noteUse(services, found)
  return found
}

/** Notes the day. A database that can only be read, because its disk is full, keeps no call from its answer. */
async function noteUse({ clock, store }: Services, { apiKey, account }: Pick<SecretKeyContext, 'apiKey' | 'account'>) {
  const today = new Date(clock.now()).toISOString().slice(0, 10)
  if (apiKey.lastUsedOn === today) return
  try {
    await store.noteApiKeyUse(account.id, apiKey.id, today)
  } catch (error) {
    if (!isStoreFailure(error)) throw error
  }
}

export function requireScope({ apiKey }: Pick<SecretKeyContext, 'apiKey'>, scope: Scope | 'any'): void {
  const { scopes } = apiKey
  if (scope === 'any' || scopes.includes(scope) || (scope !== 'host' && scopes.includes('*'))) return
  const explain = () => explainScope(apiKey, scope)
  throw new HallpassError('insufficient_scope', `The API key lacks the scope ${scope}.`, { explain })
}

/** The account in scope: the key's own, or the child that `Straddle-Account-Id` names. Foreign and unknown are one answer. */
export async function findAccountInScope(services: Services, own: Account, headers: RequestHeaders): Promise<Account> {
  const id = actingAccountId(headers)
  if (id === undefined || id === own.id) return own
  const account = await services.store.findActingAccount(own.id, id)
  if (account) return account
  throw new HallpassError('not_found', 'The account was not found.', {
    items: [{ reference: requestHeaders.accountId, detail: 'no such account in the scope of this API key' }],
    explain: () => explainAccount(id),
  })
}

/** A page, or the holder of a token, that asks to be admitted. `onFound` hears of the client key, or that there is none, also when it is refused. */
export interface Admission {
  readonly services: Services
  readonly headers: RequestHeaders
  /** The client key's name, or the token. */
  readonly credential: string
  /** The body, as it came. */
  readonly raw: Readonly<Record<string, unknown>>
  /** For a token that is no JWT; `services.verify` has it in it. */
  readonly check: CheckCredential
  /** Whether a client key will do as it was last known, while the database cannot be reached. */
  readonly evenStale: boolean
  readonly onFound: (clientKey: ClientKey | undefined) => Promise<void>
}

/** A client key and a page's Origin, refused alike whichever of the two is wrong. */
export async function admitPage(admission: Admission): Promise<Pick<ClientKeyContext, 'clientKey' | 'origin'>> {
  const { services, headers, credential } = admission
  // what cannot be a client key's name is not looked for, nor remembered
  const clientKey = ClientKeyId.safeParse(credential).success
    ? await services.store.findClientKey(credential, { evenStale: admission.evenStale })
    : undefined
  await admission.onFound(clientKey)
  const origin = headers.get('origin')
  if (!clientKey || origin === undefined || !isAllowed(services, clientKey, headers)) {
    throw notAllowed(admission, clientKey)
  }
  return { clientKey, origin }
}

/** The visitor behind a visitor token, and the client key it was made for. Whether it was spent, its exchange decides. */
export async function admitVisitor(
  admission: Admission,
): Promise<Pick<VisitorTokenContext, 'visitor' | 'clientKey' | 'origin'>> {
  const { services, credential } = admission
  const visitor = await services.verify('visitor', credential)
  if (!visitor) {
    const explain = () => services.explainToken('visitor', credential)
    throw new HallpassError('invalid_token', 'the token is missing, expired or none', { explain })
  }
  return { visitor, ...(await admitHolder(admission, visitor)) }
}

/** The session state in a refresh token, and its client key. Whether it was rotated, its refresh decides. */
export async function admitRefresh(
  admission: Admission,
): Promise<Pick<RefreshTokenContext, 'refresh' | 'clientKey' | 'origin'>> {
  const { keys, clock } = admission.services
  const refresh = await admission.check(() => openRefreshToken(keys, admission.credential))
  const fault = refresh && timeFaultOf(refresh, clock.now())
  if (!refresh || fault) {
    const explain = () => explainRefreshToken(refresh, fault)
    throw new HallpassError('invalid_token', 'the refresh token is missing, expired or none', { explain })
  }
  return { refresh, ...(await admitHolder(admission, refresh)) }
}

async function admitHolder(
  admission: Admission,
  holder: { readonly account_id: string; readonly client_key_id: string },
): Promise<{ clientKey: ClientKey; origin: string | undefined }> {
  const { services, headers, onFound } = admission
  const clientKey = await services.store.findClientKeyById(holder.account_id, holder.client_key_id)
  await onFound(clientKey)
  const origin = headers.get('origin')
  if (!clientKey || clientKey.disabled || (origin !== undefined && !isAllowed(services, clientKey, headers))) {
    throw notAllowed(admission, clientKey)
  }
  return { clientKey, origin }
}

function isAllowed(services: Services, clientKey: ClientKey, headers: RequestHeaders): boolean {
  const origin = headers.get('origin')
  if (origin === undefined || headers.count('origin') !== 1) return false
  return services.widgetOrigins.has(origin) || allowsOrigin(clientKey.allowlist, origin)
}

function notAllowed(admission: Admission, clientKey: ClientKey | undefined): HallpassError {
  const explain = () => explainPage(admission.services, admission, clientKey)
  return new HallpassError('origin_not_allowed', 'Origin not in allowlist for this client_key', { explain })
}
