import type { Readable } from 'node:stream'
import { decodeText, InvalidText, isPlainObject } from '@hallpass/contracts/core'
import { UsageError } from '../errors.js'
import type { Stdin } from '../io.js'
import { parseYaml } from './parse-value.js'

const maxBytes = 1_048_576

/** How long to wait for data on an open pipe. */
export interface Timeouts {
  /** If nothing arrives in this time, there is no body. `Infinity` waits forever. */
  readonly firstByteSeconds: number
  /** The time limit for the rest once the first byte has arrived. */
  readonly endSeconds: number
}

/**
 * Reads the body from stdin. Returns an empty object if there is none. A shell, a test runner or a daemon may leave a
 * pipe open without ever writing to it, so a pipe counts as empty unless its first byte arrives in time.
 */
export async function readBody(stdin: Stdin, timeouts: Timeouts): Promise<Record<string, unknown>> {
  if (stdin.kind === 'none') return {}
  const stream = stdin.open()
  const text = await readText(stream, stdin.kind === 'file' ? { ...timeouts, firstByteSeconds: Infinity } : timeouts)
  if (text.trim() === '') return {}
  const body = await parseYaml('The body on stdin', text)
  if (isPlainObject(body)) return body
  throw new UsageError(
    'The body on stdin must be one JSON or YAML object. If stdin is not meant for hallpass, add </dev/null.',
  )
}

/** Reads a stream to its end. `what` names the content in error messages. */
export function readText(
  stream: Readable,
  { firstByteSeconds, endSeconds }: Timeouts,
  what = 'The body',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (complete: () => void) => {
      clearTimeout(timer)
      // an open pipe would keep the process alive
      stream.destroy()
      complete()
    }
    const fail = (line: string) => settle(() => reject(new UsageError(line)))
    const finish = () => {
      const text = textOf(Buffer.concat(chunks))
      if (text instanceof InvalidText) fail(`${what} on stdin ${text.message}.`)
      else settle(() => resolve(text))
    }
    let timer = after(firstByteSeconds, finish)
    stream.on('data', (chunk: Buffer | string) => {
      if (size === 0) {
        clearTimeout(timer)
        timer = after(endSeconds, () => fail(`${what} on stdin did not end within ${endSeconds} s.`))
      }
      const bytes = Buffer.from(chunk)
      size += bytes.length
      chunks.push(bytes)
      if (size > maxBytes) fail(`${what} on stdin is longer than 1 MiB.`)
    })
    stream.on('end', finish)
    stream.on('error', (error) => fail(`${what} on stdin cannot be read: ${error.message}`))
  })
}

function textOf(bytes: Buffer): string | InvalidText {
  try {
    return decodeText(bytes)
  } catch (error) {
    if (error instanceof InvalidText) return error
    throw error
  }
}

function after(seconds: number, callback: () => void): NodeJS.Timeout | undefined {
  return seconds === Infinity ? undefined : setTimeout(callback, seconds * 1000)
}
