import { Command } from 'commander'
import { commandNameOf } from '../command-name.js'
import { actionOf, type Context } from '../context.js'
import { declareFlags } from '../flags/declare-flags.js'
import { addLocalModeFlags } from '../local/local-mode.js'
import type { ManifestEntry } from '../manifest/manifest.js'

/** The command of one operation, with its flags, help and example. */
export function operationCommand(operation: ManifestEntry, context: Context): Command {
  const command = new Command(commandNameOf(operation.id).command)
    .summary(operation.summary)
    .description(describe(operation))
    .usage('[flags]')
  const flags = declareFlags(command, operation)
  const localMode = addLocalModeFlags(command, operation.id, context)
  command.addHelpText('after', `\nExample:\n${operation.example}`)
  return command.action(
    actionOf(command, context, async () => {
      if (localMode.isRequested()) return localMode.run(flags)
      // loaded on demand: help and completion don't need it
      const { callOperation } = await import('./call-operation.js')
      return callOperation(operation.id, flags, context)
    }),
  )
}

function describe({ summary, description, route }: ManifestEntry): string {
  return `${summary}\n${route}\n\n${description}`
}
