import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FailedError } from '../errors.js'

/** The folder of `hallpass dev` in a project, beside those of other tools. */
export const defaultDataFolder = '.hallpass'

/** Creates the folder, which git ignores, and returns the URL of the database in it. */
export function openDataFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, '.gitignore'), '*\n')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause
    throw new FailedError(`hallpass: The folder ${folder} can't be written: ${why}`, { cause })
  }
  return `file:${join(folder, 'dev.db')}`
}
