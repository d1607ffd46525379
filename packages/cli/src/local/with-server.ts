import type { HostOptions } from '@hallpass/server'
import { FailedError } from '../errors.js'
import type { Io } from '../io.js'

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

export type Server = Awaited<ReturnType<typeof loadServer>>
export type Input = Readonly<Record<string, unknown>>

/** Selects the database of this host: from the flag, or else from the environment. */
export const hostOptionsOf = ({ env }: Pick<Io, 'env'>, databaseUrl: string | undefined): HostOptions => ({
  env: { ...env },
  ...(databaseUrl === undefined ? {} : { flags: { 'database-url': databaseUrl } }),
})

/** Runs work that uses the server's functions, and turns its errors into one-line failures. */
export async function withServer<T>(work: (server: Server) => Promise<T>): Promise<T> {
  const server = await loadServer()
  try {
    return await work(server)
  } catch (error) {
    if (error instanceof server.StartError || error instanceof server.HallpassError) {
      throw new FailedError(`hallpass: ${error.message}`, { cause: error })
    }
    throw error
  }
}
