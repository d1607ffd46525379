import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'

/** `hallpass migrate`: upgrades the database to this version, as servers do when they start. */
export function migrateCommand(context: Context): Command {
  const { io } = context
  const command = new Command('migrate')
    .summary('Upgrade the database to this version')
    .description(
      'Upgrade the database to this version, as every server does when it starts. Servers of the previous version can keep running.',
    )
    .usage('[flags]')
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  command.addHelpText('after', '\nExample:\n  hallpass migrate --database-url file:./hallpass.db')
  return command.action(
    actionOf(command, context, async () => {
      const host = hostOptionsOf(io, command.getOptionValue('databaseUrl'))
      const migrations = await withServer((server) => server.migrateDatabase(host))
      for (const { name, ran_at, is_new } of migrations)
        io.stdout.write(`${name}: ${is_new ? 'applied now' : `applied ${ran_at}`}\n`)
      const count = migrations.filter(({ is_new }) => is_new).length
      io.stdout.write(count === 0 ? 'The database was already up to date.\n' : `Migrations applied: ${count}.\n`)
      return 0
    }),
  )
}
