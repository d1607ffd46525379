import { type DestinationStream, type Logger, pino } from 'pino'

/** Logs go to stderr. Stdout is for the line that says the server is ready. */
export const createLog = (
  { logLevel }: { readonly logLevel: string },
  destination: DestinationStream = pino.destination(2),
): Logger => pino({ level: logLevel, base: null, serializers: { cause: describeCause } }, destination)

/** An error and its causes, without the row contents that a database adds to its errors. */
function describeCause(error: unknown): unknown {
  if (!(error instanceof Error)) return error === undefined ? undefined : String(error)
  const { name, message, stack } = error
  const code = 'code' in error ? error.code : undefined
  return { name, message, code, stack, cause: describeCause(error.cause) }
}
