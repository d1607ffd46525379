import { FailedError } from '../errors.js'

/** What works on a server's database. Loaded only where it is needed, so that no other command waits for it. */
export const loadServer = () => load(() => import('@hallpass/server'))

/** The server itself. */
export const loadServe = () => load(() => import('@hallpass/server/serve'))

async function load<T>(importing: () => Promise<T>): Promise<T> {
  try {
    return await importing()
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ') : error
    throw new FailedError(`hallpass: the server cannot be loaded: ${why}`, { cause: error })
  }
}
