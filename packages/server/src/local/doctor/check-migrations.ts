import type { Inspection } from '../../store/sqlite/inspect-sqlite.js'
import { type Check, failed, ok, warning } from './check.js'

/** Whether the migrations of a database are those of this version. */
export async function checkMigrations({ pending, unknown, missingColumns }: Inspection): Promise<Check> {
  if (unknown.length > 0 && pending.length > 0) {
    const found = `the database belongs to another line of versions: it has ${list(unknown)}, but not ${list(pending)}`
    const fix =
      'Run the build of Hallpass that migrated it last, or restore a backup from before. Two builds that each added migrations, such as a branch or a fork, cannot share a database.'
    return failed('migrations', found, fix)
  }
  if (unknown.length > 0) {
    const fix =
      'Run the version of Hallpass that applied them. Only the version directly before it works with this database too.'
    return warning('migrations', `the database is newer than this version of Hallpass: ${list(unknown)}`, fix)
  }
  if (pending.length > 0) {
    return warning('migrations', `not applied yet: ${list(pending)}`, 'Start the server. It applies them first.')
  }
  const missing = await missingColumns()
  if (missing.length === 0) return ok('migrations', 'all are applied')
  const found = `all are applied, but the database lacks ${list(missing)}: a migration or the database was edited`
  return failed('migrations', found, 'Restore a backup, or run the build of Hallpass that made this database.')
}

const shown = 5

const list = (names: readonly string[]): string =>
  names.length > shown ? `${names.slice(0, shown).join(', ')} and ${names.length - shown} more` : names.join(', ')
