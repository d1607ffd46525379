import { operations, type Refusal } from '@hallpass/contracts'
import { printAnswer, printValue } from '../answer/print-answer.js'
import { compileTransform } from '../answer/transform.js'
import type { Context } from '../context.js'
import { UsageError } from '../errors.js'
import { checkInput } from '../flags/check-input.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { readGlobals } from '../read-globals.js'
import { exchange } from '../request/exchange.js'

const operation = operations['admin.refusals.get']
const notFound =
  'No refusal of this request was found. It was not refused, is older than 24 hours, belongs to another account, or was left out because repeated refusals are sampled.\n'

/** Prints why a request was refused, from the service or from this host's database. Exits with 1 if it isn't found. */
export async function explainRefusal(
  { io, globalOptions }: Pick<Context, 'io' | 'globalOptions'>,
  requestId: string,
  databaseUrl: string | undefined,
): Promise<number> {
  const globals = readGlobals(globalOptions(), io)
  const transform = await compileTransform('transform', globals.transform)
  const failure = await compileTransform('transform-error', globals.transformError)
  const input = { request_id: requestId }
  const issues = checkInput(operation, input, { fields: [], apiKey: 'checked below' })
  if (issues.length > 0) throw new UsageError(...issues)
  let found: { readonly data: readonly Refusal[] }
  if (databaseUrl !== undefined || globals.apiKey === undefined) {
    found = await withServer(({ historyOnHost }) => historyOnHost.refusal(hostOptionsOf(io, databaseUrl), requestId))
  } else {
    const exchanged = await exchange(operation, input, { io, globals, headers: {} })
    if (!exchanged.answer.ok)
      return printAnswer(io, exchanged, { ...globals, transforms: { success: transform, failure } })
    found = JSON.parse(exchanged.answer.text)
  }
  const { format, color } = globals
  const humanReadable = (format === 'auto' || format === 'pretty') && !transform
  if (humanReadable) io.stdout.write(found.data.map(describeRefusal).join('\n'))
  else await printValue(io, found, { format: format === 'auto' ? 'json' : format, color, transform })
  if (found.data.length === 0) io.stderr.write(notFound)
  return found.data.length === 0 ? 1 : 0
}

function describeRefusal({ status, reason, operation, at, rule, seen, fix }: Refusal): string {
  return `${status} ${reason} ${operation ?? ''} ${at}\n  Expected  ${rule}\n  Received  ${seen ?? ''}\n  Fix       ${fix}\n`
}
