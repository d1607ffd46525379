import { readFileSync } from 'node:fs'
import { Faults, Fixture, type FixtureAccount, parseWith } from '@hallpass/contracts'
import { StartError } from '../errors.js'
import type { Store } from '../store/store.js'
import { importAccount, importOwned, importUnknownKeys, type MadeKey } from './import-account.js'
import type { Import, RecordChange } from './import-records.js'

/** Reads and checks a fixture file. A refusal says where each fault is, in one line, and never quotes a value. */
export function readFixture(path: string): Fixture {
  const parsed = parseWith(Fixture, parseFile(path))
  if (!(parsed instanceof Faults)) return parsed
  const faults = parsed.list.map(({ reference = 'it', detail }) => `${reference} ${detail}`)
  throw new StartError(`the fixture ${path} is not valid: ${faults.join('; ')}`)
}

/** What an import did, and what it left as it was. */
export interface Imported {
  readonly made: readonly MadeKey[]
  /** Records that were added or changed. */
  readonly changed: readonly RecordChange[]
  /** Records with fields that were changed since the last import, and stay. */
  readonly kept: readonly RecordChange[]
  /** Accounts that no key can administer any more, because of this import. */
  readonly locked_out: readonly string[]
}

type Needs = Pick<Import, 'clock' | 'keys' | 'store'>

export interface ImportOptions {
  /** For a caller who can show them: makes the keys whose secret the fixture does not know. Without it they are left out. */
  readonly makeKeys?: boolean
  /** Lets the fixture win over everything that was changed since the last import. */
  readonly overwrite?: boolean
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Adds and updates what the fixture names, removes nothing, and does all of it or none. What was changed since the last
 * import stays, unless `overwrite` says otherwise.
 */
export async function importFixture(
  { clock, keys, store }: Needs,
  fixture: Fixture,
  { makeKeys = false, overwrite = false, onProgress }: ImportOptions = {},
): Promise<Imported> {
  const total = fixture.accounts.reduce((sum, account) => sum + recordsOf(account).flat().length, 0)
  let done = 0
  const count = () => onProgress?.(++done, total)
  return store.transaction(async (tx) => {
    const run: Import = { clock, keys, store: tx, overwrite, count, changed: [], kept: [] }
    const made: MadeKey[] = []
    const lockedOut: string[] = []
    onProgress?.(0, total)
    await tx.lockImports(fixture.accounts.map(({ id }) => id))
    // labels are freed before they are given, so that accounts can exchange theirs
    for (const account of fixture.accounts) await tx.releaseTenant(account)
    for (const account of await parentsFirst(tx, fixture.accounts)) await importAccount({ ...run, count() {} }, account)
    for (const account of fixture.accounts) {
      const findEnd = () => tx.findAdministrationEnd(account.id, clock.now())
      const endBefore = await findEnd()
      await importOwned(run, account)
      if (makeKeys) made.push(...(await importUnknownKeys(run, account)))
      else for (const _ of account.api_keys.filter(({ secret }) => secret === undefined)) count()
      if (endBefore > 0 && (await findEnd()) === 0) lockedOut.push(account.id)
    }
    return { made, changed: run.changed, kept: run.kept, locked_out: lockedOut }
  })
}

/** How many records a warning names. */
const namedRecords = 20

/** What an operator should hear about an import, a line each. */
export function warningsOf({ kept, locked_out }: Imported): string[] {
  const names = kept.slice(0, namedRecords).map(({ record, account_id, fields }) => {
    return `${record} of account ${account_id} (${fields.join(', ')})`
  })
  if (kept.length > names.length) names.push(`${kept.length - names.length} more`)
  return [
    ...(names.length === 0
      ? []
      : [
          `The import kept what was changed since the last one: ${names.join('; ')}. Use --overwrite to import it anyway.`,
        ]),
    ...(locked_out.length === 0
      ? []
      : [
          `No key can administer these accounts any more: ${locked_out.join(', ')}. See \`hallpass api-keys recover\`.`,
        ]),
  ]
}

const recordsOf = ({ api_keys, client_keys, customers, cards }: FixtureAccount) => [
  api_keys,
  client_keys,
  customers,
  cards,
]

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
