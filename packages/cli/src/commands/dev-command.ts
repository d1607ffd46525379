import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { defaultDataFolder } from '../dev/data-folder.js'
import { addFlag } from '../flags/add-flag.js'

const description = `Run Hallpass on this machine for development, with a sandbox account, keys, customers and cards.

It needs no file and no setting, and ignores HALLPASS_ variables. Pages of any localhost origin may use it. Everyone knows its keys, so it only accepts connections from this machine, and only sandbox accounts.`

/** `hallpass dev`. */
export function devCommand(context: Context): Command {
  const command = new Command('dev').summary('Run a sandbox for development').description(description).usage('[flags]')
  addFlag(command, {
    flags: '--port <port>',
    description: 'Port to listen on (default: the first free one from 8787).',
  })
  addFlag(command, { flags: '--host <address>', description: 'Loopback address to listen on (default: 127.0.0.1).' })
  addFlag(command, {
    flags: '--widgets <port>',
    description: 'Port of the sample widgets (default: the first free one after --port).',
  })
  addFlag(command, { flags: '--no-widgets', description: 'Serve no sample widgets.' })
  addFlag(command, {
    flags: '--data <folder>',
    description: `Folder that keeps the data between starts (default: ${defaultDataFolder}).`,
  })
  addFlag(command, { flags: '--reset', description: 'Delete the data first.' })
  addFlag(command, {
    flags: '--expose',
    description: 'Allow a --host that other machines can reach, such as 0.0.0.0 in a container.',
  })
  addFlag(command, {
    flags: '--log-level <level>',
    description: 'Minimum level to log (default: warn).',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  })
  command.addHelpText('after', '\nExample:\n  hallpass dev --port 9000 --reset')
  return command.action(
    actionOf(command, context, async () => {
      const { runDev } = await import('../dev/run-dev.js')
      const text = (name: string): string | undefined => {
        const value: unknown = command.getOptionValue(name)
        return typeof value === 'string' ? value : undefined
      }
      return runDev(context.io, {
        port: text('port'),
        host: text('host') ?? '127.0.0.1',
        widgets: command.getOptionValue('widgets') !== false,
        widgetsPort: text('widgets'),
        folder: text('data') ?? defaultDataFolder,
        reset: command.getOptionValue('reset') === true,
        expose: command.getOptionValue('expose') === true,
        logLevel: text('logLevel') ?? 'warn',
      })
    }),
  )
}
