import type { Operations, OutputOf, ParsedInputOf, Scope } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { HallpassError } from '../errors.js'
import { newId } from '../ids.js'
import type { DerivedKeys } from '../keys/derive-keys.js'
import { keyedHash } from '../keys/keyed-hash.js'
import { generateSecretKey, hintOf } from '../keys/secret-key.js'
import type { Account } from '../store/accounts.js'
import type { ApiKey } from '../store/api-keys.js'
import type { Store } from '../store/store.js'
import { readPage, toTime } from './page.js'

type Create = Operations['admin.apiKeys.create']
type List = Operations['admin.apiKeys.list']
type Rotate = Operations['admin.apiKeys.rotate']
type Disable = Operations['admin.apiKeys.disable']

/** What making a key needs. */
export interface KeyMaker {
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly store: Pick<Store, 'upsertApiKey'>
}

interface Needs extends KeyMaker {
  readonly account: Account
  /** The key that calls. */
  readonly apiKey: ApiKey
  readonly store: Pick<Store, 'upsertApiKey' | 'listApiKeys' | 'findApiKey' | 'expireApiKey' | 'disableApiKey'>
}

/** A new secret key, its secret shown this once. It can do at most what the calling key can. */
export const createApiKey = {
  async check({ apiKey }: Needs, { scopes }: ParsedInputOf<Create>): Promise<void> {
    requireGrantable(apiKey, scopes)
  },
  async act(needs: Needs, { name, scopes, expires_in }: ParsedInputOf<Create>): Promise<OutputOf<Create>> {
    const expiresAt = expires_in === undefined ? null : needs.clock.now() + expires_in * 1000
    return makeApiKey(needs, needs.account, { name, scopes, expiresAt })
  },
}

export const listApiKeys = {
  async act({ account, store }: Needs, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(input, (page) => store.listApiKeys(account.id, page), show)
  },
}

/** A new key in place of an old one, which goes on working for the overlap and no longer. */
export const rotateApiKey = {
  async check(needs: Needs, { api_key_id }: ParsedInputOf<Rotate>): Promise<void> {
    requireGrantable(needs.apiKey, (await findKey(needs, api_key_id)).scopes)
  },
  async act(needs: Needs, { api_key_id, overlap_seconds }: ParsedInputOf<Rotate>): Promise<OutputOf<Rotate>> {
    const now = needs.clock.now()
    const { name, scopes, createdAt, expiresAt, disabled } = await findKey(needs, api_key_id)
    // not a part of the check: a repeat gets the new key's secret although the old one is over by then
    if (disabled || (expiresAt !== null && expiresAt <= now)) {
      throw new HallpassError('state_conflict', 'The key is disabled or has expired; create a new one.')
    }
    await needs.store.expireApiKey(needs.account.id, api_key_id, now + overlap_seconds * 1000)
    // a key that was to live for a while has a successor that lives as long
    const life = expiresAt === null ? null : expiresAt - createdAt
    return makeApiKey(needs, needs.account, { name, scopes, expiresAt: life === null ? null : now + life })
  },
}

export const disableApiKey = {
  async act(needs: Needs, { api_key_id }: ParsedInputOf<Disable>): Promise<OutputOf<Disable>> {
    const key = await findKey(needs, api_key_id)
    await needs.store.disableApiKey(needs.account.id, api_key_id)
    return show({ ...key, disabled: true })
  },
}

/** Makes a key and keeps its keyed hash; the secret is in the answer and nowhere else. */
export async function makeApiKey(
  { clock, keys, store }: KeyMaker,
  account: Pick<Account, 'id' | 'environment'>,
  { name, scopes, expiresAt }: Pick<ApiKey, 'name' | 'scopes' | 'expiresAt'>,
): Promise<OutputOf<Create>> {
  const secret = generateSecretKey(clock, account.environment)
  const id = newId(clock)
  const key = { id, name, scopes, disabled: false, createdAt: clock.now(), expiresAt, hint: hintOf(secret) }
  await store.upsertApiKey(account.id, { ...key, secretHash: keyedHash(keys.apiKeyHash, secret) })
  return { ...show({ ...key, accountId: account.id, lastUsedOn: null }), secret }
}

async function findKey({ account, store }: Needs, id: string): Promise<ApiKey> {
  const key = await store.findApiKey(account.id, id)
  if (!key) throw new HallpassError('not_found', 'No such API key in this account.')
  return key
}

function requireGrantable({ scopes: own }: ApiKey, wanted: readonly Scope[]): void {
  const missing = wanted.find((scope) => !own.includes(scope) && (scope === 'host' || !own.includes('*')))
  if (missing) throw new HallpassError('insufficient_scope', `The API key cannot give away ${missing}, which it lacks.`)
}

const show = (key: ApiKey): OutputOf<Disable> => ({
  id: key.id,
  name: key.name,
  scopes: [...key.scopes],
  disabled: key.disabled,
  created_at: toTime(key.createdAt),
  expires_at: key.expiresAt === null ? null : toTime(key.expiresAt),
  last_used_on: key.lastUsedOn,
  hint: key.hint,
})
