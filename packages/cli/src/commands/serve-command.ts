import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { loadServe } from '../local/with-server.js'
import { addServeFlags } from './serve-flags.js'

/** `hallpass serve`: runs the service until you stop it. */
export function serveCommand(context: Context): Command {
  const command = new Command('serve').description('Run the service').usage('[flags]')
  const flags = addServeFlags(command)
  command.addHelpText(
    'after',
    '\nExample:\n  hallpass serve --port 8787 --database-url file:./hallpass.db --fixture fixture.json',
  )
  return command.action(
    actionOf(command, context, async () => {
      const { serve } = await loadServe()
      return serve({ flags: flags(), env: { ...context.io.env } })
    }),
  )
}
