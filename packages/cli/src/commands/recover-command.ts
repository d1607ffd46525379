import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass api-keys recover`: regains access to an account that no key can administer anymore. */
export function recoverCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('recover')
    .summary("Regain access to an account, on the server's host")
    .description(
      "Create a new secret key with full access to an account, in this host's database. You need no other key, so use this if every key with the scope admin is lost, disabled or expired. The new key is recorded in the account's history, and its secret is printed once. Without --account, the command lists the accounts.",
    )
    .usage('--account <id> [flags]')
  addFlag(command, { flags: '--account <id>', description: 'The account to regain access to.' })
  addFlag(command, {
    flags: '--with-host-scope',
    description: 'Let the key also manage what all accounts share, such as signing keys (scope host).',
  })
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  command.addHelpText(
    'after',
    '\nExample:\n  hallpass api-keys recover --account 0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11 --database-url file:./hallpass.db',
  )
  return command.action(
    actionOf(command, context, async () => {
      const accountId = String(command.getOptionValue('account') ?? '')
      const hostScope = command.getOptionValue('withHostScope') === true
      const host = hostOptionsOf(io, command.getOptionValue('databaseUrl'))
      const { preparePrint } = await import('../answer/prepare-print.js')
      const print = await preparePrint(io, readGlobals(globalOptions(), io))
      await print(await withServer(({ recoverApiKey }) => recoverApiKey(host, { accountId, hostScope })))
      return 0
    }),
  )
}
