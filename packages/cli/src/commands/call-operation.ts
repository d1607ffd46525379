import { type Operation, type OperationId, operations } from '@hallpass/contracts'
import { printAnswer } from '../answer/print-answer.js'
import { compileTransform } from '../answer/transform.js'
import type { Context } from '../context.js'
import { UsageError } from '../errors.js'
import { checkInput } from '../flags/check-input.js'
import type { WrittenFlags } from '../flags/declare-flags.js'
import { readInput } from '../flags/read-input.js'
import { warnOfSecrets } from '../flags/warn-of-secrets.js'
import { readHeaders } from '../manifest/header-flags.js'
import { readGlobals } from '../read-globals.js'
import { exchange } from '../request/exchange.js'

/** Reads the flags, validates them against the contract, calls the operation over REST and prints the response. */
export async function callOperation(
  id: OperationId,
  flags: WrittenFlags,
  { io, globalOptions }: Pick<Context, 'io' | 'globalOptions'>,
): Promise<number> {
  const operation: Operation = operations[id]
  const globals = readGlobals(globalOptions(), io)
  const transforms = {
    success: await compileTransform('transform', globals.transform),
    failure: await compileTransform('transform-error', globals.transformError),
  }
  const input = await readInput(io.stdin, flags, globals.timeoutSeconds)
  const { headers, issues: headerIssues } = readHeaders(operation, flags)
  const issues = [...checkInput(operation, input, { fields: flags.fields, apiKey: globals.apiKey }), ...headerIssues]
  if (issues.length > 0) throw new UsageError(...issues)
  warnOfSecrets(io, flags, globals.apiKeyByFlag)
  const exchanged = await exchange(operation, input, { io, globals, headers })
  return printAnswer(io, exchanged, { ...globals, transforms })
}
