import { readFileSync } from 'node:fs'
import { FailedError } from '../errors.js'

/** Fails unless the file has this text. */
export function checkTypesFile(path: string, text: string): void {
  if (read(path).replaceAll('\r\n', '\n') !== text)
    throw new FailedError(`hallpass: ${path} is not up to date. Write it again with hallpass kinds types.`)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FailedError(`hallpass: ${path} cannot be read.`, { cause })
  }
}
