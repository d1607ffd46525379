import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { loadServer } from '../local/with-server.js'
import { readGlobals } from '../read-globals.js'
import { addServeFlags } from './serve-flags.js'

/** `hallpass doctor` checks the setup of this host; `hallpass doctor refusal` explains why a request was refused. */
export function doctorCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('doctor')
    .summary('Check whether the service can run on this host')
    .description(
      'Check whether the service can run on this host: configuration, database, migrations, master key, signing keys, clock and port. Accepts the flags of serve and changes nothing. Prints a fix for each problem. Exits with 1 if a problem would keep the service from running.',
    )
    .usage('[flags]')
  const flags = addServeFlags(command)
  command.addCommand(refusalCommand(context))
  command.addHelpText('after', '\nExample:\n  hallpass doctor --database-url file:./hallpass.db')
  return command.action(
    actionOf(command, context, async () => {
      const globals = readGlobals(globalOptions(), io)
      const { examineHost } = await loadServer()
      const { printChecks } = await import('../doctor/print-checks.js')
      return printChecks(io, examineHost({ flags: flags(), env: { ...io.env } }), globals)
    }),
  )
}

function refusalCommand(context: Context): Command {
  const command = new Command('refusal')
    .summary('Show why a request was refused')
    .description(
      "Show why a request was refused in the last 24 hours: what was expected, what was received, and how to fix it. Any secret key of the account can do this. On the server's host, with --database-url or without a key, it finds the requests of every account, including those that belong to no known account.",
    )
    .argument('<request-id>', 'The Request-Id header of the response.')
    .usage('<request-id> [flags]')
    .addHelpText('after', '\nExample:\n  hallpass doctor refusal 01a1fd3a-c62d-7ea6-8b6d-a97e08d21893')
  addFlag(command, {
    flags: '--database-url <url>',
    description: "Read this host's database instead of calling the service (env HALLPASS_DATABASE_URL).",
  })
  return command.action(
    actionOf(command, context, async () => {
      const [requestId = ''] = command.args
      const { explainRefusal } = await import('../doctor/explain-refusal.js')
      // doctor has the same flag, and commander assigns the value to the outer command
      return explainRefusal(context, requestId, command.optsWithGlobals().databaseUrl)
    }),
  )
}
