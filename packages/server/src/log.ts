import { type DestinationStream, type Logger, pino } from 'pino'

/** Lines that wait to be written, in bytes. More are dropped. */
const maxWaiting = 16 * 1024 * 1024

/**
 * Logs go to stderr. Stdout is for the line that says the server is ready. Lines are written beside the event loop, so a
 * slow reader of the log delays no request; those that wait are written when the process exits.
 */
export const createLog = (
  { logLevel }: { readonly logLevel: string },
  destination: DestinationStream = pino.destination({ dest: 2, sync: false, maxLength: maxWaiting }),
): Logger => pino({ level: logLevel, base: null, serializers: { cause: describeCause } }, destination)

/** An error and its causes, without the row contents that a database adds to its errors. */
function describeCause(error: unknown): unknown {
  if (!(error instanceof Error)) return error === undefined ? undefined : String(error)
  const { name, message, stack } = error
  const code = 'code' in error ? error.code : undefined
  return { name, message, code, stack, cause: describeCause(error.cause) }
}
