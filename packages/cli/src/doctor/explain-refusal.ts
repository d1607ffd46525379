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
const unknown =
  'no refusal of this request is known: it is older than 24 hours, of another account, one of a flood of which a sample is kept, or it was not refused\n'

/** Tells why a request was refused, by the service or in the host's database. Exit 1 when nothing is known of it. */
export async function explainRefusal(
  { io, globalOptions }: Pick<Context, 'io' | 'globalOptions'>,
  requestId: string,
  databaseUrl: string | undefined,
): Promise<number> {
  const globals = readGlobals(globalOptions(), io)
  const transform = await compileTransform('transform', globals.transform)
  const failure = await compileTransform('transform-error', globals.transformError)
  const input = { request_id: requestId }
  const faults = checkInput(operation, input, { fields: [], apiKey: 'checked below' })
  if (faults.length > 0) throw new UsageError(...faults)
  let found: { readonly data: readonly Refusal[] }
  if (databaseUrl !== undefined || globals.apiKey === undefined) {
    found = await withServer(({ historyOnHost }) => historyOnHost.refusal(hostOptionsOf(io, databaseUrl), requestId))
  } else {
    const exchanged = await exchange(operation, input, { io, globals, headers: {} })
    if (!exchanged.answer.ok)
      return printAnswer(io, exchanged, { ...globals, transforms: { success: transform, failure } })
    found = JSON.parse(exchanged.answer.text)
  }
  const { format, colour } = globals
  const inWords = (format === 'auto' || format === 'pretty') && !transform
  if (inWords) io.stdout.write(found.data.map(describeRefusal).join('\n'))
  else await printValue(io, found, { format: format === 'auto' ? 'json' : format, colour, transform })
  if (found.data.length === 0) io.stderr.write(unknown)
  return found.data.length === 0 ? 1 : 0
}

function describeRefusal({ status, reason, operation, at, rule, seen, fix }: Refusal): string {
  return `${status} ${reason} ${operation ?? ''} ${at}\n  rule  ${rule}\n  seen  ${seen ?? ''}\n  fix   ${fix}\n`
}
