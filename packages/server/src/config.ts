import type { TokenAlg } from '@hallpass/contracts'
import { parseMasterKey } from './crypto/master-key.js'
import { readSecret } from './crypto/read-secret.js'
import { type AccessLog, accessLogs } from './http/access-log.js'
import { type LeakAction, leakActions } from './secret-scanning/match.js'
import { flagVariables, type ServeFlags } from './settings/flag-variables.js'
import {
  connectionsOf,
  drainDelayOf,
  failuresOf,
  keepAliveOf,
  listOf,
  metricsTokenOf,
  oneOf,
  ownPortsOf,
  portOf,
  publicUrlOf,
  scannerKeysOf,
  shedAfterOf,
  signingAlgOf,
  trustProxyOf,
  widgetOriginOf,
  workersOf,
} from './settings/parse-settings.js'
import { exportsTraces, traceWarnings } from './settings/trace-settings.js'
import { readDatabaseUrl, readDirectUrl } from './store/read-database-url.js'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const auditLogs = ['off', 'log'] as const

const profiles = ['production', 'sandbox'] as const

/** The settings of a server. */
export interface Config {
  /** 0 = any free port. */
  readonly port: number
  readonly host: string
  /** `file:…`, `:memory:` or `postgres://…`. */
  readonly databaseUrl: string
  /**
   * `postgres://…` of PostgreSQL itself, if the other URL leads to a connection pooler. It is for notifications, locks
   * and migrations.
   */
  readonly databaseDirectUrl: string | undefined
  /** The maximum number of connections to PostgreSQL. */
  readonly databaseConnections: number
  /** A fixture file to import at start. */
  readonly fixture: string | undefined
  /** Whether the fixture overwrites what was changed since its last import. */
  readonly overwrite: boolean
  /** 32 bytes. If undefined, a server with only sandbox accounts creates its own. */
  readonly masterKey: Buffer | undefined
  /** The issuer's origin. If undefined, the address that the server listens on. */
  readonly publicUrl: string | undefined
  readonly widgetOrigins: readonly string[]
  /** Proxy hops counted from the right, or proxy networks. With false, `X-Forwarded-For` is ignored. */
  readonly trustProxy: number | readonly string[] | false
  /** How many wrong credentials one address may send in a minute. 0 means no limit. */
  readonly failedCredentialsPerMinute: number
  readonly logLevel: (typeof logLevels)[number]
  /** Which requests are logged; failures always are. */
  readonly accessLog: AccessLog
  /** Undefined: the default for new keys, and a database keeps the algorithm that it has until its keys are rotated. */
  readonly signingAlg: TokenAlg | undefined
  /** Whether audit entries are written to the log too. */
  readonly auditLog: (typeof auditLogs)[number]
  /**
   * Whether exposures keep the server from starting. If undefined, they do if an account is a production account. See
   * `isProduction`.
   */
  readonly profile: (typeof profiles)[number] | undefined
  /** The number of processes that share the address. */
  readonly workers: number
  /** The port that serves `/metrics`, or 0 for any free port. If undefined, the server's own port serves it. */
  readonly metricsPort: number | undefined
  /** The port that serves administration, the console and metrics, or 0 for any free port. If undefined, the server's own port. */
  readonly adminPort: number | undefined
  /** A file or URL with a secret scanner's public keys. If undefined, the server accepts no reports. */
  readonly secretScanningKeys: string | undefined
  readonly secretScanningAction: LeakAction
  /** How long a connection may wait for its next request, in seconds. Longer than load balancers keep theirs. */
  readonly keepAliveSeconds: number
  /** How long the server accepts connections after `/health/ready` has begun to fail, in seconds. */
  readonly drainDelaySeconds: number
  /** How long calls may wait before those of low priority are refused, in milliseconds. 0 turns this off. */
  readonly shedAfterMilliseconds: number
  /** Whether identity providers and webhook endpoints of customers may be on this machine, for development. */
  readonly localIssuers: boolean
  /** Whether the operator's console is served at `/console`. */
  readonly console: boolean
  /** Whether spans are sent to the collector that the variables of OpenTelemetry name. */
  readonly exportsTraces: boolean
  /** What to tell the operator about the settings, in sentences for the log. */
  readonly warnings: readonly string[]
  /** The bearer token for `/metrics`. If undefined, only this machine may read the metrics. */
  readonly metricsToken: string | undefined
}

/**
 * Reads the settings: first the flag, then the variable, then the default. Throws a StartError for an invalid value.
 */
export function loadConfig(flags: ServeFlags = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const ignored = serviceLinks(env)
  const variable = (name: string) => (ignored.includes(name) ? undefined : env[name] || undefined)
  const read = (flag: keyof typeof flagVariables) => flags[flag] ?? variable(flagVariables[flag])
  const secret = (flag: keyof typeof flagVariables) => flags[flag] ?? readSecret(env, flagVariables[flag])
  const databaseUrl = readDatabaseUrl(secret('database-url') ?? 'file:./hallpass.db')
  const profile = read('profile')
  const masterKey = readSecret(env, 'HALLPASS_MASTER_KEY')
  const port = portOf('port', read('port') ?? '8787')
  return {
    port,
    host: read('host') ?? '127.0.0.1',
    databaseUrl,
    databaseDirectUrl: readDirectUrl(secret('database-direct-url'), databaseUrl),
    databaseConnections: connectionsOf(read('database-connections') ?? '10'),
    fixture: read('fixture'),
    overwrite: oneOf('overwrite', ['true', 'false'] as const, read('overwrite') ?? 'false') === 'true',
    masterKey: masterKey ? parseMasterKey(masterKey, 'HALLPASS_MASTER_KEY') : undefined,
    publicUrl: publicUrlOf(read('public-url')),
    widgetOrigins: listOf(read('widget-origins')).map(widgetOriginOf),
    trustProxy: trustProxyOf(read('trust-proxy')),
    failedCredentialsPerMinute: failuresOf(read('failed-credentials-per-minute') ?? '60'),
    logLevel: oneOf('log-level', logLevels, read('log-level') ?? 'info'),
    accessLog: oneOf('access-log', accessLogs, read('access-log') ?? 'all'),
    signingAlg: signingAlgOf(read('signing-alg')),
    auditLog: oneOf('audit-log', auditLogs, read('audit-log') ?? 'off'),
    profile: profile === undefined ? undefined : oneOf('profile', profiles, profile),
    workers: workersOf(read('workers') ?? '1'),
    ...ownPortsOf(read('metrics-port'), read('admin-port'), port),
    console: oneOf('console', ['on', 'off'] as const, read('console') ?? 'on') === 'on',
    localIssuers: oneOf('local-issuers', ['on', 'off'] as const, read('local-issuers') ?? 'off') === 'on',
    secretScanningKeys: scannerKeysOf(read('secret-scanning-keys')),
    secretScanningAction: oneOf('secret-scanning-action', leakActions, read('secret-scanning-action') ?? 'report'),
    keepAliveSeconds: keepAliveOf(read('keep-alive-timeout') ?? '620'),
    drainDelaySeconds: drainDelayOf(read('drain-delay') ?? '0.5'),
    shedAfterMilliseconds: shedAfterOf(read('shed-after') ?? '200'),
    exportsTraces: exportsTraces(env),
    warnings: [
      ...ignored.map(
        (name) =>
          `${name} is ignored, because it is the address of a Kubernetes Service. Set enableServiceLinks: false.`,
      ),
      ...traceWarnings(env),
    ],
    metricsToken: metricsTokenOf(readSecret(env, 'HALLPASS_METRICS_TOKEN')),
  }
}

/** Kubernetes sets HALLPASS_PORT=tcp://… in every pod of a namespace that has a Service called hallpass. */
function serviceLinks(env: NodeJS.ProcessEnv): string[] {
  return [flagVariables.port, flagVariables['metrics-port'], flagVariables['admin-port']].filter((name) =>
    /^(tcp|udp|sctp):\/\/.+:\d+$/.test(env[name] ?? ''),
  )
}
