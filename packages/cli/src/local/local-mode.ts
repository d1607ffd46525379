import type { OperationId, Operations, ParsedInputOf } from '@hallpass/contracts'
import type { FirstAccount, HostOptions } from '@hallpass/server'
import type { Command } from 'commander'
import type { Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import type { WrittenFlags } from '../flags/declare-flags.js'
import { readGlobals } from '../read-globals.js'
import { hostOptionsOf, type Input, type Server } from './with-server.js'

type Environment = FirstAccount['environment']

/** Flags that only work on the server's host. */
interface LocalFlags {
  readonly environment: Environment
  readonly hostScope: boolean
}

type LocalAction = (server: Server, host: HostOptions, input: Input, flags: LocalFlags) => Promise<unknown>

/** Operations that can run directly in the database on the server's host, without an API key. */
const localActions: Readonly<Partial<Record<OperationId, LocalAction>>> = {
  'admin.accounts.create': (server, host, { name, tenant }, { environment, hostScope }) =>
    server.createFirstAccount(host, { name: String(name ?? ''), tenant: String(tenant), environment }, { hostScope }),
  'admin.accounts.update': (server, host, input) =>
    // the contract has already parsed the input
    server.updateAccountOnHost(host, input as ParsedInputOf<Operations['admin.accounts.update']>),
  'admin.signingKeys.list': (server, host) => server.signingKeysOnHost.list(host),
  'admin.signingKeys.rotate': (server, host) => server.signingKeysOnHost.rotate(host),
  'admin.signingKeys.revoke': (server, host, { kid }) => server.signingKeysOnHost.revoke(host, String(kid)),
  'admin.refusals.get': (server, host, { request_id }) => server.historyOnHost.refusal(host, String(request_id)),
  'admin.refusals.list': (server, host, input) => server.historyOnHost.refusals(host, pageOf(input)),
  'admin.audit.list': (server, host, input) => server.historyOnHost.audit(host, pageOf(input)),
}

/** The contract has already parsed the input. */
const pageOf = ({ cursor, limit }: Input) => ({
  limit: Number(limit),
  ...(cursor === undefined ? {} : { cursor: String(cursor) }),
})

/** Runs a command in this host's database instead of calling the service. */
export interface LocalMode {
  readonly isRequested: () => boolean
  readonly run: (flags: WrittenFlags) => Promise<number>
}

/** Adds the flags of local mode if the operation supports it. Local mode is used with `--database-url` or without a key. */
export function addLocalModeFlags(command: Command, id: OperationId, context: Context): LocalMode {
  const action = localActions[id]
  if (!action) return { isRequested: () => false, run: async () => 1 }
  addFlag(command, {
    flags: '--database-url <url>',
    description:
      "Use this host's database instead of calling the service (env HALLPASS_DATABASE_URL). This is the default without an API key.",
  })
  if (id === 'admin.accounts.create') {
    addFlag(command, {
      flags: '--environment <environment>',
      description: 'On this host: the environment of the account (default: sandbox).',
      values: ['sandbox', 'production'],
    })
    addFlag(command, {
      flags: '--with-host-scope',
      description:
        'On this host: let the first key manage what all accounts share, such as signing keys (scope host). Do not use it for the accounts of your tenants.',
    })
  }
  const databaseUrl = (): string | undefined => command.getOptionValue('databaseUrl')
  return {
    isRequested: () =>
      databaseUrl() !== undefined || readGlobals(context.globalOptions(), context.io).apiKey === undefined,
    async run(flags) {
      const { runLocally } = await import('./run-locally.js')
      const host = hostOptionsOf(context.io, databaseUrl())
      const localFlags: LocalFlags = {
        environment: command.getOptionValue('environment') ?? 'sandbox',
        hostScope: command.getOptionValue('withHostScope') === true,
      }
      return runLocally((server, input) => action(server, host, input, localFlags), { id, flags, context })
    },
  }
}
