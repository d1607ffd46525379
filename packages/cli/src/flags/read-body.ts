import type { Readable } from 'node:stream'
import { isPlainObject } from '@hallpass/contracts/core'
import { UsageError } from '../errors.js'
import type { Stdin } from '../io.js'
import { parseYaml } from './parse-value.js'

const maxBytes = 1_048_576

/** How long an open pipe may stay silent before it counts as holding no body. */
export interface Patience {
  /** `Infinity` waits for as long as it takes. */
  readonly firstByteSeconds: number
  /** How long the rest may take once something has come. */
  readonly endSeconds: number
}

/**
 * The body on stdin, an empty object when there is none. A file is read whole. A pipe may be one that a shell, a
 * test runner or a daemon left open with nothing to say, so it must say something in time; then it is read to its end.
 */
export async function readBody(stdin: Stdin, patience: Patience): Promise<Record<string, unknown>> {
  if (stdin.kind === 'none') return {}
  const stream = stdin.open()
  const text = await readText(stream, stdin.kind === 'file' ? { ...patience, firstByteSeconds: Infinity } : patience)
  if (text.trim() === '') return {}
  const body = await parseYaml('the body on stdin', text)
  if (isPlainObject(body)) return body
  throw new UsageError(
    'the body on stdin must be one JSON or YAML object; say </dev/null when it is not meant for hallpass',
  )
}

/** All that comes on a stream; `what` names it in errors. */
export function readText(
  stream: Readable,
  { firstByteSeconds, endSeconds }: Patience,
  what = 'the body',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (act: () => void) => {
      clearTimeout(timer)
      // an open pipe would keep the process alive
      stream.destroy()
      act()
    }
    const finish = () => settle(() => resolve(Buffer.concat(chunks).toString('utf8')))
    const refuse = (line: string) => settle(() => reject(new UsageError(line)))
    let timer = after(firstByteSeconds, finish)
    stream.on('data', (chunk: Buffer | string) => {
      if (size === 0) {
        clearTimeout(timer)
        timer = after(endSeconds, () => refuse(`${what} on stdin did not end within ${endSeconds} s`))
      }
      const bytes = Buffer.from(chunk)
      size += bytes.length
      chunks.push(bytes)
      if (size > maxBytes) refuse(`${what} on stdin is longer than 1 MiB`)
    })
    stream.on('end', finish)
    stream.on('error', (error) => refuse(`${what} on stdin cannot be read: ${error.message}`))
  })
}

function after(seconds: number, act: () => void): NodeJS.Timeout | undefined {
  return seconds === Infinity ? undefined : setTimeout(act, seconds * 1000)
}
