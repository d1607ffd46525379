import { holdsScope, type Operations, type OutputOf, type ParsedInputOf, type Scope } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { keyedHash } from '../../crypto/keyed-hash.js'
import { generateSecretKey, hintOf } from '../../crypto/secret-key.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { newId } from '../../ids.js'
import { type RecordChange, replaceNames } from '../../revocation/replace-names.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { Store } from '../../store/store.js'
import { apiKeyDisabled } from '../../webhooks/facts.js'
import { tellIn } from '../../webhooks/tell.js'
import { readPage, toTime } from './pagination.js'
import { revokeMinted } from './revoke-minted.js'
import { disableSuccessors, findActiveSuccessor, listEnded } from './successors.js'

type Create = Operations['admin.apiKeys.create']
type List = Operations['admin.apiKeys.list']
type Rotate = Operations['admin.apiKeys.rotate']
type Disable = Operations['admin.apiKeys.disable']

/** The dependencies for creating a key. */
export interface KeyMaker {
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly store: Pick<Store, 'upsertApiKey'>
}

interface Deps extends KeyMaker {
  readonly account: Account
  /** The calling key. */
  readonly apiKey: ApiKey
  readonly store: Pick<Store, 'upsertApiKey'>
}

interface ReadDeps {
  readonly account: Account
  readonly apiKey: ApiKey
  readonly store: Pick<Store, 'listApiKeys' | 'findApiKey'>
}

interface RotateDeps extends Deps {
  readonly store: Pick<Store, 'upsertApiKey' | 'lockApiKey' | 'succeedApiKey' | 'expireApiKey'>
}

interface DisableDeps {
  readonly account: Account
  readonly apiKey: ApiKey
  readonly clock: Clock
  readonly record: RecordChange
  readonly store: Pick<
    Store,
    | 'disableApiKey'
    | 'lockApiKey'
    | 'findAdministrationEnd'
    | 'addFamilyCutoff'
    | 'addCutoff'
    | 'emptyFullFeed'
    | 'appendAuditEntry'
    | 'addWebhookEvent'
  >
}

interface DisabledDeps {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, 'findApiKey' | 'addFamilyCutoff'>
}

/** Creates a secret key. Its secret is shown only once. The key can do at most what the calling key can. */
export const createApiKey = {
  async check({ apiKey }: Deps, { scopes }: ParsedInputOf<Create>): Promise<void> {
    requireGrantable(apiKey, scopes)
  },
  async run(deps: Deps, { name, scopes, expires_in }: ParsedInputOf<Create>): Promise<OutputOf<Create>> {
    const expiresAt = typeof expires_in !== 'number' ? null : deps.clock.now() + expires_in * 1000
    return makeApiKey(deps, deps.account, { name, scopes, expiresAt })
  },
}

export const listApiKeys = {
  async run({ account, store }: ReadDeps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(input, (page) => store.listApiKeys(account.id, page), show)
  },
}

/** Replaces a key with a new one. The old key keeps working for the overlap. Of concurrent rotations, one succeeds. */
export const rotateApiKey = {
  isAlone: true,
  async check({ account, apiKey, store }: ReadDeps, { api_key_id }: ParsedInputOf<Rotate>): Promise<void> {
    requireGrantable(apiKey, found(await store.findApiKey(account.id, api_key_id)).scopes)
  },
  async run(deps: RotateDeps, { api_key_id, overlap_seconds }: ParsedInputOf<Rotate>): Promise<OutputOf<Rotate>> {
    const { account, store } = deps
    const now = deps.clock.now()
    const key = found(await store.lockApiKey(account.id, api_key_id))
    // the scopes may have changed since the check
    requireGrantable(deps.apiKey, key.scopes)
    // not in check: a repeat must return the new key's secret even if the old key has expired by then
    const { name, scopes, createdAt, expiresAt } = key
    if (key.disabled || (expiresAt !== null && expiresAt <= now)) throw ended()
    const active = await findActiveSuccessor(deps, key)
    if (active) throw rotatedBefore(active)
    // the successor of a key with a limited lifetime has the same lifetime
    const life = expiresAt === null ? null : expiresAt - createdAt
    const made = await makeApiKey(deps, account, { name, scopes, expiresAt: life === null ? null : now + life })
    if (!(await store.succeedApiKey(account.id, key, made.id))) throw ended()
    await store.expireApiKey(account.id, api_key_id, now + overlap_seconds * 1000)
    return made
  },
}

/**
 * Disables a key, and the keys that replaced it unless they are in use. Requires the same scopes as rotating it. If no
 * key could administer the account afterwards, or only for a shorter time, `force` is required.
 */
export const disableApiKey = {
  isAlone: true,
  async check({ account, apiKey, store }: ReadDeps, { api_key_id }: ParsedInputOf<Disable>): Promise<void> {
    requireGrantable(apiKey, found(await store.findApiKey(account.id, api_key_id)).scopes)
  },
  async run(deps: DisableDeps, input: ParsedInputOf<Disable>): Promise<OutputOf<Disable>> {
    const { account, apiKey, clock, store } = deps
    // the account is locked, so no other call can disable the remaining keys in the meantime
    const findEnd = () => store.findAdministrationEnd(account.id, clock.now())
    const endBefore = await findEnd()
    const locked = found(await store.lockApiKey(account.id, input.api_key_id))
    requireGrantable(apiKey, locked.scopes)
    const { disabled, active } = await disableSuccessors(deps, locked, { evenUsed: input.include_successors })
    const key = found(await store.disableApiKey(account.id, locked.id))
    // one that was disabled before has its event
    const ended = locked.disabled ? disabled : [key.id, ...disabled]
    await tellIn(
      deps,
      account.id,
      ended.map((id) => apiKeyDisabled(id)),
    )
    if (!input.force && (await findEnd()) < endBefore) throw lastOfAdministration()
    const shown = { ...show(key), disabled_successor_ids: disabled, active_successor_id: active }
    return input.revoke_minted ? { ...shown, ...(await revokeWith(deps, [key.id, ...disabled])) } : shown
  },
  /**
   * Writes a second cutoff after the first is committed: a call that didn't see the first one began before the second.
   */
  async afterCommit({ account, clock, store }: DisabledDeps, input: ParsedInputOf<Disable>): Promise<void> {
    if (!input.revoke_minted) return
    const ids = await listEnded({ account, store }, input.api_key_id)
    for (const id of ids) {
      await revokeMinted({ account, clock, store }, id, { notBefore: clock.now(), write: 'second' })
    }
  },
}

async function revokeWith({ account, clock, record, store }: DisableDeps, apiKeyIds: readonly string[]) {
  const now = clock.now()
  for (const id of apiKeyIds) await revokeMinted({ account, clock, store }, id, { notBefore: now, write: 'first' })
  return { not_before: toTime(now), ...(await replaceNames({ clock, store, record, now }, account.id)) }
}

/** Creates a key and stores its keyed hash. Only the response contains the secret. */
export async function makeApiKey(
  { clock, keys, store }: KeyMaker,
  account: Pick<Account, 'id' | 'environment'>,
  { name, scopes, expiresAt }: Pick<ApiKey, 'name' | 'scopes' | 'expiresAt'>,
): Promise<OutputOf<Create>> {
  const secret = generateSecretKey(clock, account.environment)
  const id = newId(clock)
  const key = { id, name, scopes, disabled: false, createdAt: clock.now(), expiresAt, hint: hintOf(secret) }
  await store.upsertApiKey(account.id, { ...key, secretHash: keyedHash(keys.apiKeyHash, secret) })
  return { ...show({ ...key, accountId: account.id, lastUsedOn: null, successorId: null }), secret }
}

function found(key: ApiKey | undefined): ApiKey {
  if (!key) throw new HallpassError('not_found', messages.notInAccount('API key'))
  return key
}

const ended = () => new HallpassError('state_conflict', messages.keyEnded)

const rotatedBefore = (successorId: string) => new HallpassError('state_conflict', messages.keyRotated(successorId))

const lastOfAdministration = () => new HallpassError('state_conflict', messages.lastAdministrator)

function requireGrantable({ scopes: own }: ApiKey, wanted: readonly Scope[]): void {
  const missing = wanted.find((scope) => !holdsScope(own, scope))
  if (!missing) return
  throw new HallpassError('insufficient_scope', messages.scopeAboveOwn(missing))
}

const show = (key: ApiKey): OutputOf<List>['data'][number] => ({
  id: key.id,
  name: key.name,
  scopes: [...key.scopes],
  disabled: key.disabled,
  created_at: toTime(key.createdAt),
  expires_at: key.expiresAt === null ? null : toTime(key.expiresAt),
  last_used_on: key.lastUsedOn,
  hint: key.hint,
  successor_id: key.successorId,
})
