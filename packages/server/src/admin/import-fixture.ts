import { readFileSync } from 'node:fs'
import { Faults, Fixture, type FixtureAccount, parseWith } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'
import { newId } from '../ids.js'
import type { DerivedKeys } from '../keys/derive-keys.js'
import { keyedHash } from '../keys/keyed-hash.js'
import { hintOf } from '../keys/secret-key.js'
import type { Store } from '../store/store.js'
import { makeApiKey } from './api-keys.js'
import { liveKeysOf } from './export-fixture.js'

/** Reads and checks a fixture file. A refusal says where each fault is, in one line, and never quotes a value. */
export function readFixture(path: string): Fixture {
  const parsed = parseWith(Fixture, parseFile(path))
  if (!(parsed instanceof Faults)) return parsed
  const faults = parsed.list.map(({ reference = 'it', detail }) => `${reference} ${detail}`)
  throw new StartError(`the fixture ${path} is not valid: ${faults.join('; ')}`)
}

/** A secret key that an import made, because the fixture does not know its secret. */
export interface MadeKey {
  readonly account_id: string
  readonly api_key_id: string
  readonly name: string
  /** Shown once; kept nowhere. */
  readonly secret: string
}

interface Needs {
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly store: Store
}

interface Options {
  /** For whoever can show them: makes the keys whose secret the fixture does not know. Without it they are left out. */
  readonly makeKeys?: boolean
  readonly onProgress?: (done: number, total: number) => void
}

/** Adds and updates what the fixture names, removes nothing, and does all of it or none. */
export async function importFixture(
  { clock, keys, store }: Needs,
  fixture: Fixture,
  { makeKeys = false, onProgress }: Options = {},
): Promise<MadeKey[]> {
  const total = fixture.accounts.reduce((sum, account) => sum + recordsOf(account).flat().length, 0)
  let done = 0
  const count = () => onProgress?.(++done, total)
  return store.transaction(async (tx) => {
    const needs = { clock, keys, store: tx }
    const made: MadeKey[] = []
    onProgress?.(0, total)
    for (const account of await parentsFirst(tx, fixture.accounts)) await tx.upsertAccount(account)
    for (const account of fixture.accounts) {
      await importAccount(needs, account, count)
      for (const key of account.api_keys.filter(({ secret }) => secret === undefined)) {
        if (makeKeys) made.push(...(await importUnknownKey(needs, account, key)))
        count()
      }
    }
    return made
  })
}

const recordsOf = ({ api_keys, client_keys, customers, cards }: FixtureAccount) => [
  api_keys,
  client_keys,
  customers,
  cards,
]

async function importAccount({ clock, keys, store }: Needs, account: FixtureAccount, count: () => void): Promise<void> {
  const owned = (what: string, isOurs: boolean) => {
    count()
    if (isOurs) return
    throw new StartError(`the fixture cannot be imported: ${what} of account ${account.id} belongs to another account`)
  }
  const newKey = () => ({ id: newId(clock), createdAt: clock.now(), expiresAt: null })
  for (const { secret, name, scopes, disabled } of account.api_keys) {
    if (secret === undefined) continue
    const secretHash = keyedHash(keys.apiKeyHash, secret)
    const key = { ...newKey(), name, scopes, disabled, secretHash, hint: hintOf(secret) }
    owned('a secret key', await store.upsertApiKey(account.id, key))
  }
  for (const key of account.client_keys) {
    const isOurs = await store.upsertClientKey(account.id, { ...key, id: newId(clock) }, clock.now())
    owned(`client key ${key.client_key}`, isOurs)
  }
  for (const customer of account.customers) {
    owned(`customer ${customer.id}`, await store.upsertCustomer(account.id, customer))
  }
  for (const card of account.cards) {
    owned(`card ${card.id} or its customer`, await store.upsertCard(account.id, card))
  }
}

/** A key whose secret is not known is the live key of its name, or else a new one. */
async function importUnknownKey(
  needs: Needs,
  account: FixtureAccount,
  { name, scopes }: FixtureAccount['api_keys'][number],
): Promise<MadeKey[]> {
  const present = (await liveKeysOf(needs.store, account.id)).find((key) => key.name === name)
  if (present) {
    await needs.store.changeApiKeyScopes(account.id, present.id, scopes)
    return []
  }
  const { id, secret } = await makeApiKey(needs, account, { name, scopes, expiresAt: null })
  return [{ account_id: account.id, api_key_id: id, name, secret }]
}

/** The accounts in an order in which each parent stands before its children. */
async function parentsFirst(store: Store, accounts: readonly FixtureAccount[]): Promise<FixtureAccount[]> {
  const pending = new Map(accounts.map((account) => [account.id, account]))
  const ordered: FixtureAccount[] = []
  const place = async (account: FixtureAccount, path: readonly string[]): Promise<void> => {
    if (path.includes(account.id))
      throw new StartError(`the fixture cannot be imported: account ${account.id} is its own ancestor`)
    const parentId = account.parent_id
    const parent = parentId ? pending.get(parentId) : undefined
    if (parent) await place(parent, [...path, account.id])
    else if (parentId && !ordered.some(({ id }) => id === parentId) && !(await store.findAccount(parentId))) {
      throw new StartError(`the fixture cannot be imported: the parent of account ${account.id} is unknown`)
    }
    if (pending.delete(account.id)) ordered.push(account)
  }
  for (const account of accounts) await place(account, [])
  return ordered
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new StartError(`the fixture ${path} ${missing ? 'does not exist' : 'is not valid JSON or cannot be read'}`)
  }
}
