import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import type { InspectFlags } from '../inspect/print-inspection.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass tokens inspect`: what a token says, and whether the issuer's public keys bear it out. */
export function inspectCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('inspect')
    .summary('Decode and verify a token offline')
    .description(
      "Decode a token and verify it by the issuer's public keys: its kind, what it permits, the time left, and why it would be refused. No key is needed, and the token is sent nowhere. Exit 0 when it would be accepted, else 1, also when only the service can tell.\n\nThe keys come from --jwks, or else from the service at --base-url, which is also the issuer then.",
    )
    .usage('[flags]')
    .addHelpText('after', '\nExample:\n  hallpass tokens inspect --token @token.txt --jwks jwks.json')
  addFlag(command, { flags: '--token <string>', description: 'The token; @file reads it from a file. (required)' })
  addFlag(command, { flags: '--jwks <file or url>', description: "The issuer's public keys (RFC 7517)." })
  addFlag(command, {
    flags: '--issuer <url>',
    description: 'Who must have made it; with --jwks and without this, whoever the token names.',
  })
  return command.action(
    actionOf(command, context, async () => {
      const globals = readGlobals(globalOptions(), io)
      const { printInspection } = await import('../inspect/print-inspection.js')
      return printInspection(io, globals, command.opts<InspectFlags>())
    }),
  )
}
