import { FailedError } from '../errors.js'

/** Loaded only where it is needed, so that no other command waits for the server's code. */
export async function loadServer(): Promise<typeof import('@hallpass/server')> {
  try {
    return await import('@hallpass/server')
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ') : error
    throw new FailedError(`hallpass: the server cannot be loaded: ${why}`, { cause: error })
  }
}
