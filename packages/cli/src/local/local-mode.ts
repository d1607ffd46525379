import type { OperationId } from '@hallpass/contracts'
import type { FirstAccount, HostOptions } from '@hallpass/server'
import type { Command } from 'commander'
import type { Context } from '../context.js'
import { addFlag } from '../flags/add-flag.js'
import type { WrittenFlags } from '../flags/declare-flags.js'
import { readGlobals } from '../read-globals.js'
import { hostOptionsOf, type Input, type Server } from './with-server.js'

type Environment = FirstAccount['environment']

/** What only commands on the host can be told. */
interface HostFlags {
  readonly environment: Environment
  readonly hostScope: boolean
}

type HostWork = (server: Server, host: HostOptions, input: Input, flags: HostFlags) => Promise<unknown>

/** What can be done on the server's own host, in its database, before there is any key or without one. */
const hostWork: Readonly<Partial<Record<OperationId, HostWork>>> = {
  'admin.accounts.create': (server, host, { name, tenant }, { environment, hostScope }) =>
    server.createFirstAccount(host, { name: String(name ?? ''), tenant: String(tenant), environment }, { hostScope }),
  'admin.signingKeys.list': (server, host) => server.signingKeysOnHost.list(host),
  'admin.signingKeys.rotate': (server, host) => server.signingKeysOnHost.rotate(host),
  'admin.signingKeys.revoke': (server, host, { kid }) => server.signingKeysOnHost.revoke(host, String(kid)),
  'admin.refusals.get': (server, host, { request_id }) => server.historyOnHost.refusal(host, String(request_id)),
  'admin.refusals.list': (server, host, input) => server.historyOnHost.refusals(host, pageOf(input)),
  'admin.audit.list': (server, host, input) => server.historyOnHost.audit(host, pageOf(input)),
}

/** As the contract has parsed it. */
const pageOf = ({ cursor, limit }: Input) => ({
  limit: Number(limit),
  ...(cursor === undefined ? {} : { cursor: String(cursor) }),
})

/** Whether a command is to run on this host, and how. */
export interface HostMode {
  readonly isAsked: () => boolean
  readonly run: (flags: WrittenFlags) => Promise<number>
}

/** Adds the flags of an operation that can also be done on the server's host: when asked to, or when no key is known. */
export function addHostFlags(command: Command, id: OperationId, context: Context): HostMode {
  const work = hostWork[id]
  if (!work) return { isAsked: () => false, run: async () => 1 }
  addFlag(command, {
    flags: '--database-url <url>',
    description:
      "Work in this host's database in place of calling the service (env HALLPASS_DATABASE_URL). So it is without a key.",
  })
  if (id === 'admin.accounts.create') {
    addFlag(command, {
      flags: '--environment <environment>',
      description: 'On this host: what the account is for (default: sandbox).',
      values: ['sandbox', 'production'],
    })
    addFlag(command, {
      flags: '--with-host-scope',
      description:
        'On this host: let the first key manage what all accounts share, such as signing keys (scope host). Leave it out for a tenant of yours.',
    })
  }
  const databaseUrl = (): string | undefined => command.getOptionValue('databaseUrl')
  return {
    isAsked: () => databaseUrl() !== undefined || readGlobals(context.globalOptions(), context.io).apiKey === undefined,
    async run(flags) {
      const { runLocally } = await import('./run-locally.js')
      const host = hostOptionsOf(context.io, databaseUrl())
      const hostFlags: HostFlags = {
        environment: command.getOptionValue('environment') ?? 'sandbox',
        hostScope: command.getOptionValue('withHostScope') === true,
      }
      return runLocally((server, input) => work(server, host, input, hostFlags), { id, flags, context })
    },
  }
}
