import { PassThrough, Readable } from 'node:stream'
import type { Io } from '../io.js'
import { run } from '../run.js'

/** The environment of a command line under test. */
export interface Surroundings {
  readonly env?: Io['env']
  /** Text, a pipe that stays open and silent, or nothing to read. */
  readonly stdin?: string | 'open pipe' | PassThrough
  readonly terminal?: boolean
  readonly columns?: number
  /** Called for every request that is sent. */
  readonly onRequest?: (request: { readonly url: string; readonly init: RequestInit | undefined }) => void
}

/** The result of a command line. */
export interface Outcome {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line in this process, with a real fetch. */
export async function hallpass(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { env = {}, terminal = false, columns = 1000 } = surroundings
  const written = { stdout: '', stderr: '' }
  const sink = (name: keyof typeof written) => ({
    isTTY: terminal,
    write: (text: string, onRoom = () => {}) => {
      written[name] += text
      onRoom()
    },
  })
  const listen: typeof fetch = (input, init) => {
    surroundings.onRequest?.({ url: String(input), init })
    return fetch(input, init)
  }
  const io: Io = {
    env,
    columns,
    fetch: listen,
    stdin: stdinOf(surroundings),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
  }
  return { exitCode: await run(argv, io), ...written }
}

function stdinOf({ stdin }: Surroundings): Io['stdin'] {
  if (stdin === undefined) {
    const open = () => {
      throw new Error('The command read stdin, although there is nothing to read.')
    }
    return { kind: 'none', open }
  }
  if (stdin instanceof PassThrough) return { kind: 'pipe', open: () => stdin }
  const stream = stdin === 'open pipe' ? new PassThrough() : Readable.from([Buffer.from(stdin)])
  return { kind: 'pipe', open: () => stream }
}
