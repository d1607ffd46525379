import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { readGlobals } from '../read-globals.js'
import { groupCommand } from './group-command.js'

/** `hallpass fixture check|import|export`: the configuration of a server as a file. */
export function fixtureCommand(context: Context): Command {
  return groupCommand('fixture', [checkCommand(context), importCommand(context), exportCommand(context)])
}

function checkCommand(context: Context): Command {
  const command = new Command('check')
    .summary('Check a fixture')
    .description('Check a fixture against its schema, without a database, and count its records.')
    .usage('<file> [flags]')
    .argument('<file>', 'The fixture, JSON.')
    .addHelpText('after', '\nExample:\n  hallpass fixture check fixture.json')
  return command.action(
    actionOf(command, context, async () => {
      const [file = ''] = command.args
      const print = await printOf(context)
      await print(await withServer(async ({ readFixture, countFixture }) => countFixture(readFixture(file))))
      return 0
    }),
  )
}

function importCommand(context: Context): Command {
  const command = new Command('import')
    .summary("Import a fixture into this host's database")
    .description(
      'Add and update the records of a fixture in one transaction. Nothing is removed. Records that were changed since the last import keep their values, and a warning names them; use --overwrite to import them anyway. If a secret key has no secret, as in an export, and the account never had a key with this name, a key is created and its secret is printed once.',
    )
    .usage('<file> [flags]')
    .argument('<file>', 'The fixture, JSON.')
    .addHelpText('after', '\nExample:\n  hallpass fixture import fixture.json --database-url file:./hallpass.db')
  addDatabaseFlag(command)
  addFlag(command, {
    flags: '--overwrite',
    description: 'Also import records that were changed since the last import.',
  })
  return command.action(
    actionOf(command, context, async () => {
      const [file = ''] = command.args
      const print = await printOf(context)
      const { startProgress } = await import('../progress.js')
      const progress = startProgress(context.io, 'importing', 'records')
      const host = hostOptionsOf(context.io, command.getOptionValue('databaseUrl'))
      const overwrite = command.getOptionValue('overwrite') === true
      const { warnings, ...imported } = await withServer(async (server) => {
        const fixture = server.readFixture(file)
        try {
          const done = await server.importOnHost(host, fixture, { overwrite, onProgress: progress.report })
          const counts = server.countFixture(fixture)
          return { imported: counts, new_api_keys: done.made, warnings: server.warningsOf(done) }
        } finally {
          progress.end()
        }
      })
      for (const warning of warnings) context.io.stderr.write(`hallpass: ${warning}\n`)
      await print(imported)
      return 0
    }),
  )
}

function exportCommand(context: Context): Command {
  const command = new Command('export')
    .summary("Export this host's configuration as a fixture")
    .description(
      'Write every account with its keys, customers and cards as a fixture. Secrets are not stored, so secret keys are exported without them. Disabled and expiring secret keys are not exported. Sessions, tokens and signing keys are not configuration; use `backup` for them.',
    )
    .usage('[flags]')
    .addHelpText(
      'after',
      '\nExample:\n  hallpass fixture export --database-url file:./hallpass.db --output fixture.json',
    )
  addDatabaseFlag(command)
  addFlag(command, { flags: '--output <file>', description: 'Write to this new file instead of stdout.' })
  return command.action(
    actionOf(command, context, async () => {
      const host = hostOptionsOf(context.io, command.getOptionValue('databaseUrl'))
      const { openOutput } = await import('../open-output.js')
      const output = await openOutput(context.io, command.getOptionValue('output'))
      await output.fill((write) => withServer(({ exportOnHost }) => exportOnHost(host, write)))
      return 0
    }),
  )
}

function addDatabaseFlag(command: Command): void {
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
}

async function printOf({ io, globalOptions }: Context) {
  const { preparePrint } = await import('../answer/prepare-print.js')
  return preparePrint(io, readGlobals(globalOptions(), io))
}
