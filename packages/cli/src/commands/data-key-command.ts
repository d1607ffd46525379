import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import { hostOptionsOf, withServer } from '../local/with-server.js'
import { groupCommand } from './group-command.js'

/** `hallpass data-key rotate`, in this host's database. */
export function dataKeyCommand(context: Context): Command {
  const { io } = context
  const rotate = new Command('rotate')
    .summary('Make a new data key')
    .description(
      "Make a new data key in this host's database. From then on it seals everything new: refresh tokens, remembered responses and private signing keys.\n\nServers keep running and pick it up within a second. They make a new one by themselves every 30 days. Old keys only open what they sealed, and are deleted when nothing of it can be alive any more.\n\nAfter a leak, add --forget-old: it deletes the old keys now. Every widget session ends, and remembered responses can't be replayed any more. Secret keys and visitor ids stay.",
    )
    .usage('[flags]')
  addFlag(rotate, { flags: '--forget-old', description: 'Delete the old keys, and end everything sealed with them.' })
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
