import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { type DestinationStream, type Logger, pino } from 'pino'

/**
 * Lines are written beside the event loop, several at a time, so a slow reader of the log delays no request. A line took
 * 15 µs of a request by itself, and takes 5. More than 16 MiB of waiting lines are dropped. Lines that wait when the
 * process exits are written.
 */
const batching = { sync: false, minLength: 4_096, periodicFlush: 100, maxLength: 16 * 1024 * 1024 }

let stderr: DestinationStream | undefined

function openStderr(): DestinationStream {
  stderr ??= pino.destination({ dest: 2, ...batching })
  return stderr
}

/** Logs go to stderr. Stdout is for the line that says the server is ready. */
export const createLog = (
  { logLevel }: { readonly logLevel: string },
  destination: DestinationStream = openStderr(),
): Logger => pino({ level: logLevel, base: null, serializers: { cause: describeCause } }, destination)

/**
 * Logs the warnings of Node, such as of something that is deprecated, instead of printing them as text between the lines.
 * If they are off, they stay off.
 */
export function logNodeWarnings(log: Pick<Logger, 'warn'>, emitter: EventEmitter = process): void {
  if (emitter.listenerCount('warning') === 0) return
  // Node prints warnings by a listener of its own
  emitter.removeAllListeners('warning')
  emitter.on('warning', (cause) => log.warn({ cause }, 'Node.js warns.'))
}

/** An error and its causes, without the row contents that a database adds to its errors. */
function describeCause(error: unknown): unknown {
  if (!(error instanceof Error)) return error === undefined ? undefined : String(error)
  const { name, message, stack } = error
  const code = 'code' in error ? error.code : undefined
  return { name, message, code, stack, cause: describeCause(error.cause) }
}

/** The version of this package, for the log. */
export function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
