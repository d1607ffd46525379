import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'
import type { DerivedKeys } from '../keys/derive-keys.js'
import type { ImportedRecord } from '../store/imported-records.js'
import type { Store } from '../store/store.js'
import { type Fields, mergeFields, type RecordKind } from './merge-fields.js'

/** What an import did to one record, or left undone. */
export interface RecordChange {
  readonly account_id: string
  /** Its kind and its public name, such as `card 7d943c51-…`; never a secret. */
  readonly record: string
  /** Empty for a record that was added. */
  readonly fields: readonly string[]
  /** Its new status ended its live tokens. */
  readonly ended?: true
}

/** One import, and what it has found so far. */
export interface Import {
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly store: Store
  /** The fixture wins over everything that was changed since the last import. */
  readonly overwrite: boolean
  readonly count: () => void
  readonly changed: RecordChange[]
  readonly kept: RecordChange[]
}

/** How many records are read at once. */
const chunkRecords = 200

/** A record in the database. */
interface Found {
  readonly recordId: string
  readonly fields: Fields
}

/** One kind of records of an account: how to find and write them. */
interface Source<Entry> {
  readonly kind: RecordKind
  readonly accountId: string
  readonly entries: readonly Entry[]
  /** As the operator knows it. */
  readonly nameOf: (entry: Entry) => string
  /** What the fixture says, with all that it leaves out, in the form of an export. */
  readonly wantedOf: (entry: Entry, current: Fields | undefined) => Fields
  /** In the order of the entries; undefined for a record that the account doesn't have. */
  readonly find: (entries: readonly Entry[]) => Promise<readonly (Found | undefined)[]>
  /** Whether writing this entry ends live tokens. */
  readonly endsTokens?: (entry: Entry) => boolean
  /** Writes a record. Returns its id, or undefined if it is another account's. */
  readonly write: (entry: Entry, found: Found | undefined) => Promise<string | undefined>
}

/** Brings the records of one kind into the database, and remembers what the fixture said. */
export async function importRecords<Entry>(run: Import, source: Source<Entry>): Promise<void> {
  const { accountId, kind, entries } = source
  for (let start = 0; start < entries.length; start += chunkRecords) {
    const chunk = entries.slice(start, start + chunkRecords)
    const found = await source.find(chunk)
    const ids = found.flatMap((row) => row?.recordId ?? [])
    const remembered = await run.store.findImportedRecords(accountId, kind, ids)
    const notes: ImportedRecord[] = []
    for (const [index, entry] of chunk.entries()) {
      const note = await importRecord(run, source, { entry, found: found[index], remembered })
      if (note) notes.push(note)
      run.count()
    }
    await run.store.noteImportedRecords(accountId, notes)
  }
}

/** Imports one record; returns what is to be remembered of it, if that is new. */
async function importRecord<Entry>(
  run: Import,
  { kind, accountId, nameOf, wantedOf, endsTokens, write }: Source<Entry>,
  record: {
    readonly entry: Entry
    readonly found: Found | undefined
    readonly remembered: ReadonlyMap<string, Fields>
  },
): Promise<ImportedRecord | undefined> {
  const { entry, found } = record
  const name = nameOf(entry)
  const wanted = wantedOf(entry, found?.fields)
  const last = found && record.remembered.get(found.recordId)
  const decided = found ? mergeFields(kind, { current: found.fields, last, wanted }) : { written: [], kept: [] }
  const kept = run.overwrite ? [] : decided.kept
  const written = run.overwrite ? [...decided.written, ...decided.kept] : decided.written
  let recordId = found?.recordId
  if (!found || written.length > 0) {
    // what is kept has the form of an export, which is the form of an entry
    const merged = { ...entry, ...Object.fromEntries(kept.map((field) => [field, found?.fields[field]])) } as Entry
    recordId = await write(merged, found)
    if (recordId === undefined) {
      throw new StartError(`the fixture cannot be imported: ${name} of account ${accountId} belongs to another account`)
    }
    const ended = found !== undefined && written.includes('status') && endsTokens?.(merged) === true
    const fields = found ? written : []
    run.changed.push({ account_id: accountId, record: name, fields, ...(ended ? { ended } : {}) })
  }
  if (kept.length > 0) run.kept.push({ account_id: accountId, record: name, fields: kept })
  if (recordId === undefined || JSON.stringify(last) === JSON.stringify(wanted)) return undefined
  return { kind, recordId, fields: wanted }
}
