import { Command } from 'commander'
import { preparePrint } from '../answer/prepare-print.js'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass audit verify`: whether anyone changed the history in the database. */
export function auditVerifyCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('verify')
    .summary('Check that nobody changed the history')
    .description(
      'Check that nobody changed the history in this host’s database: no entry was changed, removed, moved or inserted. The master key is needed. Prints every chain of entries, one an account and one for the server, and for each chain with a fault the first entry that does not fit. Exit 1 when there is a fault. Servers may be running.\n\nA database, or a chain with its head, that was replaced by an older copy of itself is whole. To find that, compare the last_seq and mac of each chain with what an earlier run printed, or the entries with the log (--audit-log log).',
    )
    .usage('[flags]')
    .addHelpText('after', '\nExample:\n  hallpass audit verify --database-url file:./hallpass.db')
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  return command.action(
    actionOf(command, context, async () => {
      const print = await preparePrint(io, readGlobals(globalOptions(), io))
      const host = hostOptionsOf(io, command.getOptionValue('databaseUrl'))
      const verification = await withServer((server) => server.historyOnHost.verifyAudit(host))
      await print(verification)
      return verification.whole ? 0 : 1
    }),
  )
}
