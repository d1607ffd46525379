/** Whether an error came from the database itself: it is locked, full, damaged or gone. */
export function isStoreFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return code.startsWith('SQLITE_') || error.message.includes('database connection is not open')
}
