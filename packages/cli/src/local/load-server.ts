import { FailedError } from '../errors.js'

/** Loads the functions that work on a server's database. They are loaded on demand, so that other commands start faster. */
export const loadServer = () => load(() => import('@hallpass/server'))

/** Loads the server itself. */
export const loadServe = () => load(() => import('@hallpass/server/serve'))

async function load<T>(importing: () => Promise<T>): Promise<T> {
  try {
    return await importing()
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ') : error
    throw new FailedError(`hallpass: Cannot load the server: ${why}`, { cause: error })
  }
}
