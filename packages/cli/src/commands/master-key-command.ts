import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { FailedError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { groupCommand } from './group-command.js'

/** `hallpass master-key change`: the keys come from the environment, never from a flag, which others could read. */
export function masterKeyCommand(context: Context): Command {
  const { io } = context
  const change = new Command('change')
    .summary('Put a new master key in the place of the present one')
    .description(
      "Put a new master key in the place of the present one, in this host's database.\n\nHALLPASS_MASTER_KEY holds the present one, HALLPASS_NEW_MASTER_KEY the new one: 32 bytes, base64url. It seals one key, which seals all else, so the change is done at once, however large the database is. Servers that run go on; at their next start they need the new one.",
    )
    .usage('[flags]')
  addFlag(change, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  change.addHelpText(
    'after',
    '\nExample:\n  HALLPASS_MASTER_KEY=… HALLPASS_NEW_MASTER_KEY=… hallpass master-key change --database-url file:./hallpass.db',
  )
  change.action(
    actionOf(change, context, async () => {
      const next = io.env.HALLPASS_NEW_MASTER_KEY
      if (!next) throw new FailedError('hallpass: HALLPASS_NEW_MASTER_KEY is not set')
      const host = hostOptionsOf(io, change.getOptionValue('databaseUrl'))
      await withServer((server) => server.changeMasterKey(host, next))
      io.stdout.write('The database is sealed under the new master key.\n')
      return 0
    }),
  )
  return groupCommand('master-key', [change])
}
