import { fstatSync } from 'node:fs'
import type { Io, Sink, Stdin } from './io.js'

const defaultColumns = 100

/** The {@link Io} of this process. */
export function processIo(): Io {
  return {
    stdin: { kind: stdinKind(), open: () => process.stdin },
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    env: process.env,
    fetch: (input, init) => fetch(input, init),
    columns: process.stdout.columns || defaultColumns,
  }
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  return { write: (text, onRoom) => stream.write(text, () => onRoom?.()), isTTY: stream.isTTY === true }
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
