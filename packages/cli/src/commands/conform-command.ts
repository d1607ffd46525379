import { Command } from 'commander'
import { apis } from '../conform/check.js'
import type { ConformFlags } from '../conform/print-conformance.js'
import { actionOf, type Context } from '../context.js'
import { FailedError, UsageError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass conform`: compares a server with the documented contract of the three APIs. */
export function conformCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('conform')
    .summary('Check whether a server implements the three APIs as documented')
    .description(
      'Check whether a server implements the Bridge, Visitor and Card APIs as documented, Hallpass or another one, and print what differs: statuses, bodies, headers, single use, expiry and idempotency. By default, it sends only calls that the server must refuse, and calls that read, so that nothing is created. With --create, it also creates tokens and sessions. Use a sandbox.\n\nExits with 0 if nothing differs, with 1 if something differs, and with 2 if nothing could be checked.',
    )
    .usage('[flags]')
    .addHelpText(
      'after',
      '\nExample:\n  hallpass conform --base-url http://127.0.0.1:8787 --customer-id 182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e --create',
    )
  for (const flag of flags) addFlag(command, flag)
  const check = actionOf(command, context, async () => {
    const { printConformance } = await import('../conform/print-conformance.js')
    try {
      return await printConformance(io, readGlobals(globalOptions(), io), command.opts<ConformFlags>())
    } catch (error) {
      // 1 would say that something differs
      if (error instanceof UsageError) command.error(error.message, { exitCode: 2 })
      if (!(error instanceof FailedError)) throw error
      io.stderr.write(`${error.message}\n`)
      return 2
    }
  })
  return command.action(check)
}

const flags = [
  {
    flags: '--api <name>',
    description: `Check only this API: ${apis.join(', ')}. Can be repeated.`,
    values: apis,
    repeatable: true,
  },
  {
    flags: '--customer-id <uuid>',
    description: 'A customer, for the Bridge API (env HALLPASS_CONFORM_CUSTOMER_ID).',
  },
  {
    flags: '--client-key <key>',
    description: 'A client key that permits guests and users, for the Visitor API (env HALLPASS_CONFORM_CLIENT_KEY).',
  },
  {
    flags: '--origin <url>',
    description: "An origin on the client key's allowlist (env HALLPASS_CONFORM_ORIGIN).",
  },
  { flags: '--card-id <uuid>', description: 'A card, for the Card API (env HALLPASS_CONFORM_CARD_ID).' },
  { flags: '--widget-type <type>', description: "A widget that the card's status permits (REVEAL)." },
  {
    flags: '--limited-api-key <key>',
    description: 'A secret key that may not use the Card API, for its 403 (env HALLPASS_CONFORM_LIMITED_API_KEY).',
  },
  { flags: '--wait', description: 'With --create: also wait until tokens have expired. Takes 6 minutes.' },
  { flags: '--create', description: 'Also run the checks that create tokens and sessions.' },
  { flags: '--hallpass', description: 'Also check what Hallpass promises beyond the documents of these APIs.' },
  { flags: '--json', description: 'Print JSON, like --format json.' },
] as const
