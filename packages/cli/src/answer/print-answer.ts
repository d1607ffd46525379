import { FailedError } from '../errors.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { type Answer, nameOfRequest, type Outgoing } from '../request/send-request.js'
import { formatValue, type Layout, resolveFormat } from './format-value.js'
import type { Transform } from './transform.js'

/** The queries of `--transform` and `--transform-error`. */
export interface Transforms {
  readonly success: Transform | undefined
  readonly failure: Transform | undefined
}

/** Prints a response to stdout and, for a refusal, a status line to stderr. Returns the exit code. */
export async function printAnswer(
  io: Io,
  { request, answer }: { request: Outgoing; answer: Answer },
  options: Globals & { readonly transforms: Transforms },
): Promise<number> {
  const status = `${nameOfRequest(request)}: ${answer.status} ${answer.statusText}`.trimEnd()
  const value = readJson(answer)
  if (!answer.ok) io.stderr.write(`${status}\n`)
  else if (value === undefined)
    io.stderr.write(`${status}, but the response is not JSON. Does --base-url point to Hallpass?\n`)

  const format = resolveFormat(answer.ok ? options.format : options.formatError, io.stdout.isTTY)
  const transform = answer.ok ? options.transforms.success : options.transforms.failure
  if (value === undefined || (format === 'raw' && !transform)) {
    io.stdout.write(format === 'raw' ? answer.text : withLineBreak(answer.text))
    return answer.ok && value !== undefined ? 0 : 1
  }
  await printValue(io, value.json, { format, color: options.color, transform })
  return answer.ok ? 0 : 1
}

/** Prints the result of a query, or the whole value if there is no query or the query fails. */
export async function printValue(
  io: Pick<Io, 'stdout'>,
  value: unknown,
  { transform, ...layout }: Layout & { readonly transform: Transform | undefined },
): Promise<void> {
  try {
    io.stdout.write(await formatValue(transform ? transform(value) : value, layout))
  } catch (error) {
    // a query that fails must not lose a token that was minted
    if (error instanceof FailedError) io.stdout.write(await formatValue(value, layout))
    throw error
  }
}

/** Parses the JSON of a response. Returns undefined for anything else, such as the plain text errors of the Visitor API. */
function readJson({ headers, text }: Answer): { readonly json: unknown } | undefined {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) return undefined
  try {
    return { json: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const withLineBreak = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)
