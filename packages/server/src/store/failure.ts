import { DatabaseError } from 'pg'

/** The database could not be asked, or did not say what came of it. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** Whether an error came from the database itself: it is locked, full, damaged or gone. */
export function isStoreFailure(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // a constraint that was violated is a fault of ours, and trying again would not help
  if (code.startsWith('SQLITE_CONSTRAINT')) return false
  return code.startsWith('SQLITE_') || /connection is not open|driver has already been destroyed/.test(error.message)
}

/**
 * Classes of SQLSTATE (PostgreSQL, appendix A) that say nothing about the statement: connection, transaction rollback,
 * resources, locks, operator intervention, system and internal errors.
 */
const passing = ['08', '40', '53', '55', '57', '58', 'XX']
/** Read-only after a failover; a prepared statement that a migration or a proxy took away. */
const passingStates = ['25006', '0A000', '26000']

/** What PostgreSQL or the way to it said, as a failure of the store, unless the statement itself was at fault. */
export function toPostgresFailure(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error
  if (error instanceof DatabaseError) {
    const { code = 'XX000' } = error
    if (!passing.includes(code.slice(0, 2)) && !passingStates.includes(code)) return error
    return new StoreUnavailable(`PostgreSQL refused with ${code}`, { cause: error })
  }
  return new StoreUnavailable('PostgreSQL cannot be reached', { cause: error })
}

/** Row-level security refused to write over what another account has. */
export const isForeignRow = (error: unknown): boolean => error instanceof DatabaseError && error.code === '42501'
