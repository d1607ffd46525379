import { readFileSync } from 'node:fs'
import { Faults, Fixture, type FixtureAccount, parseWith } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'
import { newId } from '../ids.js'
import type { DerivedKeys } from '../keys/derive-keys.js'
import { keyedHash } from '../keys/keyed-hash.js'
import type { Store } from '../store/store.js'

/** Reads and checks a fixture file. A refusal says where the fault is and never quotes a value. */
export function readFixture(path: string): Fixture {
  const parsed = parseWith(Fixture, parseFile(path))
  if (!(parsed instanceof Faults)) return parsed
  const [first] = parsed.list
  const more = parsed.list.length > 1 ? ` (and ${parsed.list.length - 1} more)` : ''
  throw new StartError(`the fixture ${path} is not valid: ${first?.reference ?? 'it'} ${first?.detail}${more}`)
}

/** Adds and updates what the fixture names, removes nothing, and does all of it or none. */
export async function importFixture(
  needs: { clock: Clock; keys: DerivedKeys; store: Store },
  fixture: Fixture,
): Promise<void> {
  await needs.store.transaction(async (store) => {
    for (const account of await parentsFirst(store, fixture.accounts)) await store.upsertAccount(account)
    for (const account of fixture.accounts) await importAccount({ ...needs, store }, account)
  })
}

async function importAccount(
  needs: { clock: Clock; keys: DerivedKeys; store: Store },
  account: FixtureAccount,
): Promise<void> {
  const { clock, keys, store } = needs
  const owned = (what: string, isOurs: boolean) => {
    if (!isOurs)
      throw new StartError(
        `the fixture cannot be imported: ${what} of account ${account.id} belongs to another account`,
      )
  }
  for (const key of account.api_keys) {
    const { name, scopes, disabled } = key
    const secretHash = keyedHash(keys.apiKeyHash, key.secret)
    owned(
      `a secret key`,
      await store.upsertApiKey(account.id, {
        id: newId(clock),
        name,
        secretHash,
        scopes,
        disabled,
        createdAt: clock.now(),
        expiresAt: null,
      }),
    )
  }
  for (const key of account.client_keys) {
    owned(`client key ${key.client_key}`, await store.upsertClientKey(account.id, { ...key, id: newId(clock) }))
  }
  for (const customer of account.customers) {
    owned(`customer ${customer.id}`, await store.upsertCustomer(account.id, customer))
  }
  for (const card of account.cards) {
    owned(`card ${card.id} or its customer`, await store.upsertCard(account.id, card))
  }
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
