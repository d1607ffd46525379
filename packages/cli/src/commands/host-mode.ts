import type { Operation } from '@hallpass/contracts'
import type { FirstAccount, HostOptions } from '@hallpass/server'
import type { Command } from 'commander'
import { resolveFormat } from '../answer/format-value.js'
import { printValue } from '../answer/print-answer.js'
import { compileTransform } from '../answer/transform.js'
import { FailedError, UsageError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import { checkInput } from '../flags/check-input.js'
import type { WrittenFlags } from '../flags/declare-flags.js'
import { readInput } from '../flags/read-input.js'
import type { Io } from '../io.js'
import { readGlobals } from '../read-globals.js'
import type { Context } from './context.js'
import { loadServer } from './load-server.js'

type Server = Awaited<ReturnType<typeof loadServer>>
type Input = Readonly<Record<string, unknown>>
type Environment = FirstAccount['environment']

/** What can be done on the server's own host, in its database, before there is any key or without one. */
const hostWork: Readonly<
  Record<string, (server: Server, host: HostOptions, input: Input, environment: Environment) => Promise<unknown>>
> = {
  'admin.accounts.create': (server, host, { name, tenant }, environment) =>
    server.createFirstAccount(host, { name: String(name ?? ''), tenant: String(tenant), environment }),
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
export function addHostFlags(command: Command, operation: Operation, { io, globalOptions }: Context): HostMode {
  const work = hostWork[operation.id]
  if (!work) return { isAsked: () => false, run: async () => 1 }
  addFlag(command, {
    flags: '--database-url <url>',
    description:
      "Work in this host's database in place of calling the service (env HALLPASS_DATABASE_URL). So it is without a key.",
  })
  if (operation.id === 'admin.accounts.create') {
    addFlag(command, {
      flags: '--environment <environment>',
      description: 'On this host: what the account is for (default: sandbox).',
      values: ['sandbox', 'production'],
    })
  }
  const databaseUrl = (): string | undefined => command.getOptionValue('databaseUrl')
  return {
    isAsked: () => databaseUrl() !== undefined || readGlobals(globalOptions(), io).apiKey === undefined,
    async run(flags) {
      const globals = readGlobals(globalOptions(), io)
      const input = await readInput(io.stdin, flags, globals.timeoutSeconds)
      // no key is needed here, so none is missing
      const faults = checkInput(operation, input, { fields: flags.fields, apiKey: 'on this host' })
      if (faults.length > 0) throw new UsageError(...faults)
      // every input is an object
      const parsed = operation.input.parse(input) as Input
      const host = hostOptionsOf(io, databaseUrl())
      const environment: Environment = command.getOptionValue('environment') ?? 'sandbox'
      const transform = await compileTransform('transform', globals.transform)
      const value = await doWork(async (server) => work(server, host, parsed, environment))
      const format = resolveFormat(globals.format, io.stdout.isTTY)
      await printValue(io, value, { format, colour: globals.colour, transform })
      return 0
    },
  }
}

/** The database of this host that a command works on: the one of the flag, or else of the environment. */
export const hostOptionsOf = ({ env }: Pick<Io, 'env'>, databaseUrl: string | undefined): HostOptions => ({
  env: { ...env },
  ...(databaseUrl === undefined ? {} : { flags: { 'database-url': databaseUrl } }),
})

/** A refusal of the server's, in its one line. */
export async function doWork<T>(work: (server: Server) => Promise<T>): Promise<T> {
  const server = await loadServer()
  try {
    return await work(server)
  } catch (error) {
    if (error instanceof server.StartError || error instanceof server.HallpassError) {
      throw new FailedError(`hallpass: ${error.message}`, { cause: error })
    }
    throw error
  }
}
