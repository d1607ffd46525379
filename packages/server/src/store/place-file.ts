import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../errors.js'

/** What the server writes may be read and written by its own user only. */
export const privateMode = 0o600

/**
 * Creates an empty file that only its owner can read, whatever the umask allows. Leaves an existing file as it is, and
 * does not even open it: closing it would drop the locks that SQLite holds on it in this process.
 */
export function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', privateMode))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    // a link to a file that is yet to be created
    if (!existsSync(path)) closeSync(openSync(path, 'a', privateMode))
  }
}

/** Gives a finished draft its final name, replacing the file that has it. The new name survives a power failure. */
export function replaceFile(draft: string, path: string): void {
  sync(draft)
  renameSync(draft, path)
  sync(dirname(path))
}

/**
 * Gives a finished draft its final name, unless a file has that name already: then it returns false, and the draft stays.
 * link(2) checks and creates in one step, where rename(2) would silently replace a file that appeared in between.
 */
export function placeNewFile(draft: string, path: string): boolean {
  sync(draft)
  try {
    linkSync(draft, path)
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'EEXIST') return false
    if (code === undefined || !noHardLinks.includes(code)) throw cause
    throw new StartError(`${path} cannot be created safely: its file system has no hard links`, { cause })
  }
  rmSync(draft)
  sync(dirname(path))
  return true
}

/** How systems say that a file system, or its policy, refuses hard links. */
const noHardLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
