import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { UsageError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import { readAtFile } from '../flags/parse-value.js'
import type { Io } from '../io.js'
import { readGlobals } from '../read-globals.js'
import { kinds } from '../revoke/kinds.js'
import type { RevokeFlags } from '../revoke/revoke-anything.js'

/** `hallpass revoke`: revokes a token, a key, or everything that belongs to an id. */
export function revokeCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('revoke')
    .summary('Revoke a token, a key, or everything that belongs to an id')
    .description(
      'Find out what a token, key or id is, print what ends with it, and end it. Accepts any token, the id of a session, customer, card, client key, secret key or account, the public name of a client key (pk_…), the name of a declared kind, or a secret key (sk_…). A secret key is disabled, and everything that it minted ends. Visitors, users, and subjects and resources of declared kinds are not stored, so they need --as visitor, --as user, --as subject or --as resource. Exits with 1 if nothing matches, or more than one thing.\n\nYour API key needs the scopes tokens:introspect and tokens:revoke and, for anything but a token, also admin. Pass secrets as @file or on stdin, because other users can see arguments and the shell saves them.',
    )
    .argument('<thing>', 'A token or an id. Use @file to read it from a file, - from stdin.')
    .usage('<thing> [flags]')
    .addHelpText('after', '\nExample:\n  hallpass revoke @leaked.txt --dry-run')
  addFlag(command, {
    flags: '--as <kind>',
    description: 'What it is, if that is not clear.',
    values: kinds,
  })
  addFlag(command, { flags: '--dry-run', description: 'Print what would end without ending it.' })
  addFlag(command, {
    flags: '--straddle-account-id <uuid>',
    description: 'For platforms: the child account to act for.',
  })
  return command.action(
    actionOf(command, context, async () => {
      const globals = readGlobals(globalOptions(), io)
      const [written = ''] = command.args
      const text = await readThing(io, written, globals.timeoutSeconds)
      const { revokeAnything } = await import('../revoke/revoke-anything.js')
      if (/^(eyJ|hprt_|sk_)/.test(written) && io.stderr.isTTY) {
        io.stderr.write(
          'warning: other users of this machine can see a secret in an argument. Use @file or - instead.\n',
        )
      }
      return revokeAnything(io, globals, text, command.opts<RevokeFlags>())
    }),
  )
}

async function readThing({ stdin }: Io, written: string, endSeconds: number): Promise<string> {
  if (written !== '-') return readAtFile('<thing>', written).trim()
  if (stdin.kind === 'none') throw new UsageError('Pass the token or id on stdin, for example with `< leaked.txt`.')
  const { readText } = await import('../flags/read-body.js')
  return (await readText(stdin.open(), { firstByteSeconds: Infinity, endSeconds }, 'The token or id')).trim()
}
