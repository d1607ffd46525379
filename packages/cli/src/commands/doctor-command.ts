import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { loadServer } from '../local/load-server.js'
import { readGlobals } from '../read-globals.js'
import { addServeFlags } from './serve-flags.js'

/** `hallpass doctor`: what a server on this host needs, and below it why a request was refused. */
export function doctorCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('doctor')
    .summary('Examine what the service on this host needs')
    .description(
      'Examine what the service on this host needs: configuration, database, migrations, master key, signing keys, clock and port. Takes the flags of serve and changes nothing. Exit 1 when something would keep the service from running, each with its fix.',
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
    .summary('Ask why a request was refused')
    .description(
      "Ask why a request was refused in the last 24 hours: the rule, what came instead, what to do. Any secret key of the account may ask. On the server's host, with --database-url or without a key, it tells of everyone's, also of calls that no account is known to have made.",
    )
    .argument('<request-id>', 'As the answer had it in Request-Id.')
    .usage('<request-id> [flags]')
    .addHelpText('after', '\nExample:\n  hallpass doctor refusal 01a1fd3a-c62d-7ea6-8b6d-a97e08d21893')
  addFlag(command, {
    flags: '--database-url <url>',
    description: "Look into this host's database in place of asking the service (env HALLPASS_DATABASE_URL).",
  })
  return command.action(
    actionOf(command, context, async () => {
      const [requestId = ''] = command.args
      const { explainRefusal } = await import('../doctor/explain-refusal.js')
      // doctor itself has this flag too, and is the first to read it
      return explainRefusal(context, requestId, command.optsWithGlobals().databaseUrl)
    }),
  )
}
