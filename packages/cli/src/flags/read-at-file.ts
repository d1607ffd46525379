import { readFileSync } from 'node:fs'
import { UsageError } from '../errors.js'

/**
 * `@path` is the text of that file, without its last line break; `\@text` is `@text`, and with more backslashes one less;
 * anything else is itself.
 * Only the start of a flag's own value counts: data inside an object, or from stdin, never opens a file.
 */
export function readAtFile(flag: string, value: string): string {
  if (/^\\+@/.test(value)) return value.slice(1)
  if (!value.startsWith('@')) return value
  const path = value.slice(1)
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unreadable'
    throw new UsageError(`${flag}: cannot read the file "${path}" (${code}); write \\@ for a value that begins with @`)
  }
}
