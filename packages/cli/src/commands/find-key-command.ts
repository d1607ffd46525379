import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { FailedError, UsageError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import type { Io } from '../io.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass api-keys find`: reads the secret from stdin, because other users can see flags and the shell saves them. */
export function findKeyCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('find')
    .summary('Find the secret key that a leaked secret belongs to')
    .description(
      "Find the secret key that a leaked secret belongs to in this host's database. Prints its account, id, name, state and hint. The secret is read from stdin and is not logged, printed or sent anywhere. Exits with 1 if no account has a key with this secret.",
    )
    .usage('[flags]')
    .addHelpText('after', '\nExample:\n  hallpass api-keys find --database-url file:./hallpass.db < leaked.txt')
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  return command.action(
    actionOf(command, context, async () => {
      const globals = readGlobals(globalOptions(), io)
      const secret = await readSecret(io, globals.timeoutSeconds)
      const host = hostOptionsOf(io, command.getOptionValue('databaseUrl'))
      const { preparePrint } = await import('../answer/prepare-print.js')
      const print = await preparePrint(io, globals)
      const found = await withServer((server) => server.findApiKeyOnHost(host, secret))
      if (!found) throw new FailedError('hallpass: No account in this database has a key with this secret.')
      await print(found)
      return 0
    }),
  )
}

async function readSecret({ stdin }: Pick<Io, 'stdin'>, endSeconds: number): Promise<string> {
  if (stdin.kind === 'none') throw new UsageError('Pass the secret on stdin, for example with `< leaked.txt`.')
  const { readText } = await import('../flags/read-body.js')
  const text = await readText(stdin.open(), { firstByteSeconds: Infinity, endSeconds }, 'The secret')
  const secret = text.trim()
  if (/^\S+$/.test(secret)) return secret
  throw new UsageError('Stdin must contain one secret key and nothing else.')
}
