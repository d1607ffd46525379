import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { FailedError, UsageError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import type { Io } from '../io.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass api-keys find`: the secret comes on stdin, because others can read flags and the shell keeps them. */
export function findKeyCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('find')
    .summary('Name the key of a leaked secret')
    .description(
      "Name the secret key that a leaked secret belongs to: its account, id, name, state and hint, in this host's database. The secret is read from stdin. It is not logged, printed or sent anywhere. Exit 1 if no account has it.",
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
      if (!found) throw new FailedError('hallpass: no account of this database has a key with that secret')
      await print(found)
      return 0
    }),
  )
}

async function readSecret({ stdin }: Pick<Io, 'stdin'>, endSeconds: number): Promise<string> {
  if (stdin.kind === 'none') throw new UsageError('error: give the secret on stdin, such as `< leaked.txt`')
  const { readText } = await import('../flags/read-body.js')
  const text = await readText(stdin.open(), { firstByteSeconds: Infinity, endSeconds }, 'the secret')
  const secret = text.trim()
  if (/^\S+$/.test(secret)) return secret
  throw new UsageError('error: stdin must hold one secret key and nothing else')
}
