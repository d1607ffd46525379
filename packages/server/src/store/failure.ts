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

/** A unique index refused a value that another row has. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '23505' || error.code === 'SQLITE_CONSTRAINT_UNIQUE')

/** Row-level security refused to write over what another account has (SQLSTATE 42501). */
export const isForeignRow = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '42501'
