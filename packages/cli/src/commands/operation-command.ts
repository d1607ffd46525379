import type { Operation } from '@hallpass/contracts'
import { Command } from 'commander'
import { commandNameOf } from '../command-name.js'
import { declareFlags } from '../flags/declare-flags.js'
import { exampleOf } from '../flags/example.js'
import { actionOf, type Context } from './context.js'
import { addHostFlags } from './host-mode.js'

/** The command of one operation, with its flags, help and example. */
export function operationCommand(operation: Operation, context: Context): Command {
  const command = new Command(commandNameOf(operation.id).command)
    .summary(operation.summary)
    .description(describe(operation))
    .usage('[flags]')
  const flags = declareFlags(command, operation)
  const onHost = addHostFlags(command, operation, context)
  command.addHelpText('after', () => `\nExample:\n${exampleOf(operation)}`)
  return command.action(
    actionOf(command, context, async () => {
      if (onHost.isAsked()) return onHost.run(flags)
      // help and completion do without it
      const { callOperation } = await import('./call-operation.js')
      return callOperation(operation, flags, context)
    }),
  )
}

function describe({ summary, description, methods, paths }: Operation): string {
  return `${summary}\n${methods[0]} ${paths[0]}\n\n${description}`
}
