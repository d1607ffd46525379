import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { groupCommand } from './group-command.js'

/** `hallpass data-key rotate`: works in this host's database. */
export function dataKeyCommand(context: Context): Command {
  const { io } = context
  const rotate = new Command('rotate')
    .summary('Create a new data key')
    .description(
      "Create a new data key in this host's database. From then on, it encrypts everything new: refresh tokens, remembered responses and private signing keys.\n\nServers keep running and use the new key within a second. They also create a new key every 30 days. Old keys only decrypt what they encrypted. They are deleted when all of that has expired.\n\nAfter a leak, add --forget-old to delete the old keys now. This ends every widget session, and remembered responses can no longer be replayed. Secret keys and visitor ids don't change.",
    )
    .usage('[flags]')
  addFlag(rotate, {
    flags: '--forget-old',
    description: 'Delete the old keys and invalidate everything encrypted with them.',
  })
  addFlag(rotate, { flags: '--database-url <url>', description: 'The database (env HALLPASS_DATABASE_URL).' })
  rotate.addHelpText('after', '\nExample:\n  hallpass data-key rotate --forget-old --database-url file:./hallpass.db')
  rotate.action(
    actionOf(rotate, context, async () => {
      const forgetOld = rotate.getOptionValue('forgetOld') === true
      const host = hostOptionsOf(io, rotate.getOptionValue('databaseUrl'))
      const rotated = await withServer((server) => server.rotateDataKeyOnHost(host, { forgetOld }))
      io.stdout.write(`${JSON.stringify({ data_key: rotated.id, older_keys: rotated.older })}\n`)
      return 0
    }),
  )
  return groupCommand('data-key', [rotate])
}
