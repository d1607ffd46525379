import type { Imported } from '../fixture/import-fixture.js'
import type { RecordChange } from '../fixture/import-records.js'
import type { Change } from './audit-change.js'

/** How many records one entry names. A larger import writes several entries. */
const namedRecords = 500

/** The audit entries of an import: what it added and changed, by account. Empty if it changed nothing. */
export function changesOfImport({ changed }: Imported): Omit<Change, 'by'>[] {
  const accounts = new Map<string, Omit<RecordChange, 'account_id'>[]>()
  for (const { account_id, ...change } of changed) {
    const records = accounts.get(account_id) ?? []
    records.push(change)
    accounts.set(account_id, records)
  }
  // replicas that import the same fixture lock the heads of the chains in the same order
  const ordered = [...accounts].toSorted(([one], [other]) => (one < other ? -1 : 1))
  return ordered.flatMap(([accountId, records]) =>
    chunksOf(records).map((chunk) => ({
      operation: { id: 'fixture.import' },
      accountId,
      input: {
        added: chunk.filter(({ fields }) => fields.length === 0).map(({ record }) => record),
        changed: chunk.filter(({ fields }) => fields.length > 0),
      },
      value: {},
      targetId: accountId,
    })),
  )
}

function chunksOf<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / namedRecords)
  return Array.from({ length: count }, (_, index) => items.slice(index * namedRecords, (index + 1) * namedRecords))
}
