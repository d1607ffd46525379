import { Command } from 'commander'
import { commandNameOf } from '../command-name.js'
import { actionOf, type Context } from '../context.js'
import { declareFlags } from '../flags/declare-flags.js'
import { addHostFlags } from '../local/local-mode.js'
import type { OfferedOperation } from '../manifest/manifest.js'

/** The command of one operation, with its flags, help and example. */
export function operationCommand(operation: OfferedOperation, context: Context): Command {
  const command = new Command(commandNameOf(operation.id).command)
    .summary(operation.summary)
    .description(describe(operation))
    .usage('[flags]')
  const flags = declareFlags(command, operation)
  const onHost = addHostFlags(command, operation.id, context)
  command.addHelpText('after', `\nExample:\n${operation.example}`)
  return command.action(
    actionOf(command, context, async () => {
      if (onHost.isAsked()) return onHost.run(flags)
      // help and completion do without it
      const { callOperation } = await import('./call-operation.js')
      return callOperation(operation.id, flags, context)
    }),
  )
}

function describe({ summary, description, route }: OfferedOperation): string {
  return `${summary}\n${route}\n\n${description}`
}
