import { fstatSync } from 'node:fs'
import type { Io, Stdin } from './io.js'

const defaultColumns = 100

/** The {@link Io} of this process. */
export function processIo(): Io {
  return {
    stdin: { kind: stdinKind(), open: () => process.stdin },
    stdout: { write: (text) => process.stdout.write(text), isTTY: process.stdout.isTTY === true },
    stderr: { write: (text) => process.stderr.write(text), isTTY: process.stderr.isTTY === true },
    env: process.env,
    fetch: (input, init) => fetch(input, init),
    columns: process.stdout.columns || defaultColumns,
  }
}

function stdinKind(): Stdin['kind'] {
  try {
    const stats = fstatSync(0)
    if (stats.isFile()) return 'file'
    return stats.isFIFO() || stats.isSocket() ? 'pipe' : 'none'
  } catch {
    // a closed descriptor
    return 'none'
  }
}
