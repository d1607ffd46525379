import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { UsageError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import { readAtFile } from '../flags/parse-value.js'
import type { Io } from '../io.js'
import { readGlobals } from '../read-globals.js'
import type { RevokeFlags } from '../revoke/revoke-anything.js'

/** `hallpass revoke`: ends whatever a token, a key or an id names. */
export function revokeCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('revoke')
    .summary('End whatever a token, key or id names')
    .description(
      'Find out what a token, key or id is, print what ends with it, and end it: any token, the id of a session, customer, card, client key, secret key or account, the public name of a client key (pk_…), or a secret key (sk_…). A secret key is disabled, and everything that it minted ends. Visitors and users are not stored, so their ids need --as visitor or --as user. Exit 1 if it names nothing, or more than one thing.\n\nThe key needs the scopes tokens:introspect and tokens:revoke, and for anything but a token also admin. Pass secrets as @file or on stdin, because others can read flags and the shell keeps them.',
    )
    .argument('<thing>', 'A token or an id; @file reads it from a file, - from stdin.')
    .usage('<thing> [flags]')
    .addHelpText('after', '\nExample:\n  hallpass revoke @leaked.txt --dry-run')
  addFlag(command, {
    flags: '--as <kind>',
    description: 'What it is, if that is not clear.',
    values: ['token', 'session', 'visitor', 'user', 'client-key', 'api-key', 'customer', 'card', 'account'],
  })
  addFlag(command, { flags: '--dry-run', description: 'Print what would end, and end nothing.' })
  addFlag(command, { flags: '--straddle-account-id <uuid>', description: 'The account in scope, for platforms.' })
  return command.action(
    actionOf(command, context, async () => {
      const globals = readGlobals(globalOptions(), io)
      const [written = ''] = command.args
      const text = await readThing(io, written, globals.timeoutSeconds)
      const { revokeAnything } = await import('../revoke/revoke-anything.js')
      if (/^(eyJ|hprt_|sk_)/.test(written) && io.stderr.isTTY) {
        io.stderr.write('warning: others on this machine can read a secret in an argument; @file and - are safe\n')
      }
      return revokeAnything(io, globals, text, command.opts<RevokeFlags>())
    }),
  )
}

async function readThing({ stdin }: Io, written: string, endSeconds: number): Promise<string> {
  if (written !== '-') return readAtFile('<thing>', written).trim()
  if (stdin.kind === 'none') throw new UsageError('There is nothing on stdin.')
  const { readText } = await import('../flags/read-body.js')
  return (await readText(stdin.open(), { firstByteSeconds: Infinity, endSeconds }, 'the token or id')).trim()
}
