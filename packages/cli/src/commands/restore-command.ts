import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { UsageError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'

const description = `Replace this host's SQLite database with a backup, or fill an empty PostgreSQL database from one with pg_restore. Stop all servers first.

Everything after the backup is lost, including redemptions and revocations. To prevent replay, every token and session issued before the restore is invalidated. Keys that were disabled after the backup and signing keys that were revoked after it are active again: disable and revoke them again before you start a server.

With --mark, no file is read. Use it if the database was restored by other means, such as a snapshot of the machine or a failover that lost commits: it only invalidates the tokens and sessions.`

/** `hallpass restore <file>`, and `hallpass restore --mark`. */
export function restoreCommand(context: Context): Command {
  const { io } = context
  const command = new Command('restore')
    .summary('Restore the database from a backup')
    .description(description)
    .argument('[file]', 'The backup.')
    .usage('<file> [flags]')
  addFlag(command, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  addFlag(command, { flags: '--force', description: 'Replace an existing SQLite database.' })
  addFlag(command, {
    flags: '--mark',
    description: 'Only invalidate what was issued before now, and leave the database as it is.',
  })
  command.addHelpText(
    'after',
    '\nExample:\n  hallpass restore /backups/hallpass-2026-11-24.db --database-url file:./hallpass.db\n  hallpass restore --mark --database-url postgres://hallpass@db.internal/hallpass',
  )
  return command.action((file: string | undefined) =>
    actionOf(command, context, async () => {
      const isMark = command.getOptionValue('mark') === true
      if (isMark === (file !== undefined)) throw new UsageError('Give either a backup file or --mark.')
      const host = hostOptionsOf(io, command.getOptionValue('databaseUrl'))
      const { startProgress } = await import('../progress.js')
      const progress = startProgress(io, 'copying', 'pages')
      const options = { force: command.getOptionValue('force') === true, report: progress.report }
      const { restored_at, made_at } = await withServer((server) =>
        file === undefined ? server.markRestored(host) : server.restore(host, file, options),
      ).finally(progress.end)
      if (made_at !== undefined) io.stdout.write(`The database was restored to its state of ${made_at}.\n`)
      io.stdout.write(`Every token and session issued up to ${restored_at} was invalidated.\n`)
      return 0
    })(),
  )
}
