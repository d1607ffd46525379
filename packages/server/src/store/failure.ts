/** The database could not be reached, or its response was lost. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** Whether an error came from the database itself: it is locked, full, damaged or gone. */
export function isStoreFailure(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // a violated constraint is our own bug, and a retry wouldn't help
  if (code.startsWith('SQLITE_CONSTRAINT')) return false
  return (
    code.startsWith('SQLITE_') ||
    /database is not open|connection is not open|driver has already been destroyed/.test(error.message)
  )
}

/** A unique index rejected a value that another row has. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '23505' || error.code === 'SQLITE_CONSTRAINT_UNIQUE')

/** Row-level security rejected a write to another account's row (SQLSTATE 42501). */
export const isForeignRow = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '42501'
