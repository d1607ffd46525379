import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { UsageError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'

const description = `Put a backup in the place of this host's SQLite database, which no server may be running on.

What happened after the backup is forgotten with it: tokens that were spent, sessions that went on, revocations. So whatever was issued before the restore is ended, and nothing that was spent lives again. Keys that were disabled after the backup, and signing keys that were revoked, live again: do both again before a server starts.

With --mark no file is read: it does the same for a database that was put back by other means, such as pg_restore, a snapshot of the machine or a failover that lost commits.`

/** `hallpass restore <file>`, and `hallpass restore --mark`. */
export function restoreCommand(context: Context): Command {
  const { io } = context
  const command = new Command('restore')
    .summary('Put a backup in the place of the SQLite database')
    .description(description)
    .argument('[file]', 'The backup.')
    .usage('<file> [flags]')
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  addFlag(command, { flags: '--force', description: 'Replace the database that is there.' })
  addFlag(command, { flags: '--mark', description: 'Only end what was issued before now, in the database as it is.' })
  command.addHelpText(
    'after',
    '\nExample:\n  hallpass restore /backups/hallpass-2026-11-24.db --database-url file:./hallpass.db\n  hallpass restore --mark --database-url postgres://hallpass@db.internal/hallpass',
  )
  return command.action((file: string | undefined) =>
    actionOf(command, context, async () => {
      const isMark = command.getOptionValue('mark') === true
      if (isMark === (file !== undefined)) throw new UsageError('error: give either a backup or --mark')
      const host = hostOptionsOf(io, command.getOptionValue('databaseUrl'))
      const { startProgress } = await import('../progress.js')
      const progress = startProgress(io, 'copying', 'pages')
      const options = { force: command.getOptionValue('force') === true, report: progress.report }
      const { restored_at, made_at } = await withServer((server) =>
        file === undefined ? server.markRestored(host) : server.restore(host, file, options),
      ).finally(progress.end)
      if (made_at !== undefined) io.stdout.write(`The database is as it was at ${made_at}.\n`)
      io.stdout.write(`Every token and session that was issued up to ${restored_at} is ended.\n`)
      return 0
    })(),
  )
}
