import { HallpassClientError } from '@hallpass/client'

/** Whether a call failed because the server didn't respond or can't work at the moment, so that repeating it may help. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof HallpassClientError)) return false
  const { status } = error.details
  return error.reason === 'network' || error.reason === 'timeout' || (status !== undefined && status >= 502)
}
