import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'

/** `hallpass migrate`: brings the database to this version; servers also do that when they start. */
export function migrateCommand(context: Context): Command {
  const { io } = context
  const command = new Command('migrate')
    .summary('Bring the database to the version of this program')
    .description(
      'Bring the database to the version of this program, as every server does when it starts. Servers of the version before can go on.',
    )
    .usage('[flags]')
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  command.addHelpText('after', '\nExample:\n  hallpass migrate --database-url file:./hallpass.db')
  return command.action(
    actionOf(command, context, async () => {
      const host = hostOptionsOf(io, command.getOptionValue('databaseUrl'))
      const migrations = await withServer((server) => server.migrateDatabase(host))
      for (const { name, ran_at, is_new } of migrations)
        io.stdout.write(`${name}: ${is_new ? 'run now' : `run ${ran_at}`}\n`)
      const count = migrations.filter(({ is_new }) => is_new).length
      io.stdout.write(count === 0 ? 'Nothing was left to do.\n' : `The database was brought up by ${count}.\n`)
      return 0
    }),
  )
}
