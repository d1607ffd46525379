import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { groupCommand } from './group-command.js'

/** `hallpass master-key change`: reads the keys from the environment, because other users can see flags. */
export function masterKeyCommand(context: Context): Command {
  const { io } = context
  const change = new Command('change')
    .summary('Replace the master key')
    .description(
      "Replace the master key of this host's database.\n\nSet HALLPASS_MASTER_KEY to the current key and HALLPASS_NEW_MASTER_KEY to the new one (32 bytes in base64url). The master key only encrypts the data keys, so the change is immediate, even for a large database. Running servers continue to work. They need the new key at their next start.",
    )
    .usage('[flags]')
  addFlag(change, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  change.addHelpText(
    'after',
    '\nExample:\n  HALLPASS_MASTER_KEY=… HALLPASS_NEW_MASTER_KEY=… hallpass master-key change --database-url file:./hallpass.db',
  )
  change.action(
    actionOf(change, context, async () => {
      const host = hostOptionsOf(io, change.getOptionValue('databaseUrl'))
      await withServer((server) => server.changeMasterKey(host))
      io.stdout.write('The database now uses the new master key.\n')
      return 0
    }),
  )
  return groupCommand('master-key', [change])
}
