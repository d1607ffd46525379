import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'

/** `hallpass kinds types <files>`: TypeScript declarations for the client, without a server. */
export function kindsTypesCommand(context: Context): Command {
  const { io } = context
  const command = new Command('types')
    .summary('Print the TypeScript types of kinds of tokens')
    .description(
      'Print TypeScript declarations for the declarations of kinds of tokens, without a server. With these in your project, the typed client mints and redeems, and the verifier verifies, with the actions, resource and claims of each kind. The same declarations always give the same text.',
    )
    .usage('<files...> [flags]')
    .argument('<files...>', 'The declarations, JSON.')
    .addHelpText(
      'after',
      '\nExample:\n  hallpass kinds types report-viewer.json > src/kinds.d.ts\n  hallpass kinds types report-viewer.json --check src/kinds.d.ts',
    )
  addFlag(command, {
    flags: '--check <file>',
    description: 'Print nothing, and exit with 1 if this file is not what would be printed.',
  })
  return command.action(
    actionOf(command, context, async () => {
      const { readDeclaration } = await import('../kinds/read-declaration.js')
      const { kindTypes } = await import('../kinds/kind-types.js')
      const text = kindTypes(command.args.map(readDeclaration))
      const path: unknown = command.getOptionValue('check')
      if (path === undefined) io.stdout.write(text)
      else (await import('../kinds/check-types-file.js')).checkTypesFile(String(path), text)
      return 0
    }),
  )
}
