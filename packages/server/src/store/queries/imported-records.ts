import { sql } from '../kysely.js'
import { isPostgres, type Scopes } from '../scope.js'

/** A record of a fixture, as an import wrote it. */
export interface ImportedRecord {
  readonly kind: string
  readonly recordId: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** What imports of fixtures wrote, so that the next import knows what was changed since. */
export function importedRecordQueries({ forAccount, unscoped }: Scopes) {
  return {
    /**
     * Blocks other imports, and administrative changes in these accounts, until the transaction ends: so records can be
     * compared and then written. SQLite has one writer at a time anyway.
     */
    async lockImports(accountIds: readonly string[]): Promise<void> {
      if (!isPostgres(unscoped)) return
      await sql`lock table imported_records in share row exclusive mode`.execute(unscoped)
      if (accountIds.length === 0) return
      const query = unscoped.selectFrom('accounts').select('id').where('id', 'in', accountIds).orderBy('id')
      await query.forNoKeyUpdate().execute()
    },

    async findImportedRecords(
      accountId: string,
      kind: string,
      recordIds: readonly string[],
    ): Promise<Map<string, ImportedRecord['fields']>> {
      if (recordIds.length === 0) return new Map()
      const rows = await forAccount(accountId)
        .selectFrom('imported_records')
        .select(['record_id', 'fields'])
        .where('account_id', '=', accountId)
        .where('kind', '=', kind)
        .where('record_id', 'in', recordIds)
        .execute()
      return new Map(rows.map(({ record_id, fields }) => [record_id, JSON.parse(fields)]))
    },

    async noteImportedRecords(accountId: string, records: readonly ImportedRecord[]): Promise<void> {
      if (records.length === 0) return
      const rows = records.map(({ kind, recordId, fields }) => ({
        account_id: accountId,
        kind,
        record_id: recordId,
        fields: JSON.stringify(fields),
      }))
      await forAccount(accountId)
        .insertInto('imported_records')
        .values(rows)
        .onConflict((oc) =>
          oc.columns(['account_id', 'kind', 'record_id']).doUpdateSet((eb) => ({ fields: eb.ref('excluded.fields') })),
        )
        .execute()
    },
  }
}
