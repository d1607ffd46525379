import { Command } from 'commander'
import { preparePrint } from '../answer/prepare-print.js'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass audit verify`: checks whether anyone changed the history in the database. */
export function auditVerifyCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('verify')
    .summary('Check that the history was not changed')
    .description(
      "Check that no entry of the history in this host's database was changed, removed, moved or inserted. This requires the master key, and servers can keep running. Each account has a chain of entries, and the server has one. The command prints every chain and, for a damaged chain, the first entry that doesn't match. Exits with 1 if a chain is damaged.\n\nThe check doesn't detect a database, or a chain with its head, that was replaced by an older copy. To detect that, compare the last_seq and mac of each chain with the output of an earlier run, or the entries with the log (--audit-log log).",
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
