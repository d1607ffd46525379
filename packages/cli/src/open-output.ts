import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { FailedError } from './errors.js'
import type { Io } from './io.js'
import { loadServer } from './local/with-server.js'

/** The destination of a large output, which is written in pieces. */
export interface Output {
  /** Writes the output. A file gets its name only when it is complete, and never replaces another file. */
  readonly fill: (work: (write: (piece: string) => Promise<void>) => Promise<void>) => Promise<void>
}

/** Opens a new file that only its owner can read, or stdout. */
export async function openOutput({ stdout }: Pick<Io, 'stdout'>, path: string | undefined): Promise<Output> {
  if (path === undefined) {
    // waits for a slow reader, so that at most one piece is in memory
    return { fill: (work) => work((piece) => new Promise((resolve) => stdout.write(piece, resolve))) }
  }
  const fail = (why: string, cause?: unknown) => new FailedError(`--output ${path} ${why}.`, { cause })
  if (existsSync(path)) throw fail('already exists')
  const draft = `${path}.${randomBytes(8).toString('hex')}.part`
  const file = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw fail('cannot be written', error)
  })
  return {
    async fill(work) {
      try {
        await work((piece) => file.appendFile(piece)).finally(() => file.close())
        const { placeNewFile } = await loadServer()
        if (!placeNewFile(draft, path)) throw fail('already exists')
      } finally {
        await rm(draft, { force: true })
      }
    },
  }
}
