import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'

/** `hallpass backup <file>`: copies the database, even while servers use it. */
export function backupCommand(context: Context): Command {
  const { io } = context
  const command = new Command('backup')
    .summary('Copy the database to a file, even while servers use it')
    .description(
      "Copy a database to a file, even while servers use it. The copy is a consistent snapshot. For PostgreSQL, this runs pg_dump, sees every account despite row-level security, and checks that the file has every row.\n\nThe backup doesn't contain the master key. Store that separately. To see what a restore invalidates, run hallpass restore --help.",
    )
    .argument('<file>', 'The file to write.')
    .usage('<file> [flags]')
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  addFlag(command, { flags: '--force', description: 'Overwrite the file.' })
  command.addHelpText('after', '\nExample:\n  hallpass backup /backups/hallpass-2026-11-24.db')
  return command.action((file: string) =>
    actionOf(command, context, async () => {
      const { startProgress } = await import('../progress.js')
      const progress = startProgress(io, 'copying', 'pages')
      const options = { force: command.getOptionValue('force') === true, report: progress.report }
      const host = hostOptionsOf(io, command.getOptionValue('databaseUrl'))
      const backup = await withServer((server) => server.backUp(host, file, options)).finally(progress.end)
      io.stdout.write(
        `${backup.file}: ${backup.bytes} bytes, as of ${backup.made_at}\nTo restore it, you need the master key with the fingerprint ${backup.master_key_fingerprint}. The backup doesn't contain it.\n`,
      )
      return 0
    })(),
  )
}
