import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../errors.js'

/** Files written by the server may be read and written by its own user only. */
export const privateMode = 0o600

/**
 * Creates an empty file that only its owner can read, whatever the umask allows. Leaves an existing file unchanged, and
 * doesn't even open it: closing it would drop the locks that SQLite holds on it in this process.
 */
export function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', privateMode))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    // a link to a file that doesn't exist yet
    if (!existsSync(path)) closeSync(openSync(path, 'a', privateMode))
  }
}

/** Renames a finished draft to its final name, replacing an existing file. The new name survives a power failure. */
export function replaceFile(draft: string, path: string): void {
  sync(draft)
  renameSync(draft, path)
  sync(dirname(path))
}

/**
 * Renames a finished draft to its final name, unless a file has that name already. Then it returns false, and the draft
 * stays. link(2) checks and creates in one step, but rename(2) would silently replace a file that appeared in between.
 */
export function placeNewFile(draft: string, path: string): boolean {
  sync(draft)
  try {
    linkSync(draft, path)
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'EEXIST') return false
    if (code === undefined || !noHardLinks.includes(code)) throw cause
    throw new StartError(`${path} cannot be created safely: its file system has no hard links.`, { cause })
  }
  rmSync(draft)
  sync(dirname(path))
  return true
}

/** The error codes of systems whose file system, or its policy, refuses hard links. */
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
