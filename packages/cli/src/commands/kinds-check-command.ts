import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass kinds check <file>`: checks a declaration without a server. */
export function kindsCheckCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('check')
    .summary('Check the declaration of a kind of token')
    .description(
      'Check the declaration of a kind of token, without a server, and print it with its defaults. Exits with 1 if it is not valid, with one line for each problem.',
    )
    .usage('<file> [flags]')
    .argument('<file>', 'The declaration, JSON.')
    .addHelpText('after', '\nExample:\n  hallpass kinds check report-viewer.json')
  return command.action(
    actionOf(command, context, async () => {
      const [file = ''] = command.args
      const { readDeclaration } = await import('../kinds/read-declaration.js')
      const { preparePrint } = await import('../answer/prepare-print.js')
      const print = await preparePrint(io, readGlobals(globalOptions(), io))
      await print(readDeclaration(file))
      return 0
    }),
  )
}
