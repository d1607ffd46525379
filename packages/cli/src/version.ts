import { readOwnFile } from './own-file.js'

/** The version of this package. */
export function readVersion(): string {
  return (JSON.parse(readOwnFile('package.json')) as { version: string }).version
}
