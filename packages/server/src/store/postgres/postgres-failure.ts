import { DatabaseError } from 'pg'
import { StoreUnavailable } from '../failure.js'

/**
 * Classes of SQLSTATE (PostgreSQL, appendix A) that aren't caused by the statement: connection, transaction rollback,
 * resources, locks, operator intervention, system and internal errors.
 */
const passing = ['08', '40', '53', '55', '57', '58', 'XX']
/** Read-only after a failover, or a prepared statement that a migration or a proxy removed. */
const passingStates = ['25006', '0A000', '26000']

/** Where PostgreSQL reports a missing grant. Row-level security reports its refusals with the same SQLSTATE. */
const grantCheck = 'aclcheck_error'

/** An error of PostgreSQL or of the connection as a failure of the store, unless the statement itself was wrong. */
export function toPostgresFailure(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error
  if (error instanceof DatabaseError) {
    const { code = 'XX000', routine } = error
    if (routine === grantCheck) {
      return new StoreUnavailable(`PostgreSQL: ${error.message}; grant the database user its privileges again`, {
        cause: error,
      })
    }
    if (!isPassing(error)) return error
    return new StoreUnavailable(`PostgreSQL returned the error ${code}`, { cause: error })
  }
  return new StoreUnavailable('PostgreSQL cannot be reached', { cause: error })
}

/** Whether the same statement may succeed later. */
export const isPassing = ({ code = 'XX000' }: DatabaseError): boolean =>
  passing.includes(code.slice(0, 2)) || passingStates.includes(code)
