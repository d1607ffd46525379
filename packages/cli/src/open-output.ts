import { open, rm } from 'node:fs/promises'
import { FailedError } from './errors.js'
import type { Io } from './io.js'

/** Where a long text goes, piece by piece. */
export interface Output {
  /** Lets the text be written; a file that is not whole is taken away again. */
  readonly fill: (work: (write: (piece: string) => Promise<void>) => Promise<void>) => Promise<void>
}

/** A new file that only its owner can read, or stdout. */
export async function openOutput({ stdout }: Pick<Io, 'stdout'>, path: string | undefined): Promise<Output> {
  if (path === undefined) {
    // a slow reader holds the work up, so that no more than a piece waits in memory
    return { fill: (work) => work((piece) => new Promise((resolve) => stdout.write(piece, resolve))) }
  }
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw new FailedError(`--output ${path} ${exists ? 'exists already' : 'cannot be written'}`, { cause: error })
  })
  return {
    async fill(work) {
      try {
        await work((piece) => file.appendFile(piece))
        await file.sync()
        await file.close()
      } catch (error) {
        await file.close()
        await rm(path)
        throw error
      }
    },
  }
}
