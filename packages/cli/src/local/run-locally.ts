import { type Operation, type OperationId, operations } from '@hallpass/contracts'
import { preparePrint } from '../answer/prepare-print.js'
import type { Context } from '../context.js'
import { UsageError } from '../errors.js'
import { checkInput } from '../flags/check-input.js'
import type { WrittenFlags } from '../flags/declare-flags.js'
import { readInput } from '../flags/read-input.js'
import { readGlobals } from '../read-globals.js'
import { type Input, type Server, withServer } from './with-server.js'

/** Reads the flags of an operation, validates them against the contract, runs it on this host and prints the result. */
export async function runLocally(
  work: (server: Server, input: Input) => Promise<unknown>,
  { id, flags, context }: { readonly id: OperationId; readonly flags: WrittenFlags; readonly context: Context },
): Promise<number> {
  const { io, globalOptions } = context
  const operation: Operation = operations[id]
  const globals = readGlobals(globalOptions(), io)
  const input = await readInput(io.stdin, flags, globals.timeoutSeconds)
  // local mode needs no key, so any value satisfies the check
  const issues = checkInput(operation, input, { fields: flags.fields, apiKey: 'on this host' })
  if (issues.length > 0) throw new UsageError(...issues)
  // every input is an object
  const parsed = operation.input.parse(input) as Input
  const print = await preparePrint(io, globals)
  await print(await withServer((server) => work(server, parsed)))
  return 0
}
