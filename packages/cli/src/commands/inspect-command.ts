import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import type { InspectFlags } from '../inspect/print-inspection.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass tokens inspect`: decodes a token and verifies it with the issuer's public keys. */
export function inspectCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('inspect')
    .summary('Decode and verify a token offline')
    .description(
      "Decode a token and verify it with the issuer's public keys. Prints its kind, what it permits, the time left, and why it would be refused. You need no secret key, and the token isn't sent anywhere. Exits with 0 if the token would be accepted, and with 1 if it would be refused, or only the service can verify it, or its kind is a declared one and --declaration is missing.\n\nThe public keys come from --jwks. Without it, they come from the service at --base-url, which is then also the expected issuer.",
    )
    .usage('[flags]')
    .addHelpText('after', '\nExample:\n  hallpass tokens inspect --token @token.txt --jwks jwks.json')
  addFlag(command, {
    flags: '--token <string>',
    description: 'The token. Use @file to read it from a file. (required)',
  })
  addFlag(command, { flags: '--jwks <file or url>', description: "The issuer's public keys (RFC 7517)." })
  addFlag(command, {
    flags: '--issuer <url>',
    description: 'The expected issuer. With --jwks, the default is the issuer that the token names.',
  })
  addFlag(command, {
    flags: '--declaration <file>',
    description: 'The declaration of its kind, JSON, for a kind that an account declared.',
  })
  return command.action(
    actionOf(command, context, async () => {
      const globals = readGlobals(globalOptions(), io)
      const { printInspection } = await import('../inspect/print-inspection.js')
      return printInspection(io, globals, command.opts<InspectFlags>())
    }),
  )
}
