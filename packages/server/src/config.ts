import { availableParallelism } from 'node:os'
import { isHttpOrigin, type TokenAlg, tokenAlgs } from '@hallpass/contracts'
import { parseMasterKey } from './crypto/master-key.js'
import { readSecret } from './crypto/read-secret.js'
import { StartError } from './errors.js'
import { type AccessLog, accessLogs } from './http/access-log.js'
import { readTrustProxy } from './http/connections/read-trust-proxy.js'
import { type LeakAction, leakActions } from './secret-scanning/match.js'
import { readDatabaseUrl, readDirectUrl } from './store/read-database-url.js'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const auditLogs = ['off', 'log'] as const

const minMetricsTokenLength = 16
const maxWorkers = 64
const maxFailures = 100_000

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
  /** Whether the operator's console is served at `/console`. */
  readonly console: boolean
  /** What to tell the operator about the settings, in sentences for the log. */
  readonly warnings: readonly string[]
  /** The bearer token for `/metrics`. If undefined, only this machine may read the metrics. */
  readonly metricsToken: string | undefined
}

/** The settings that `hallpass serve` accepts as flags. Each is also an environment variable. */
export const flagVariables = {
  port: 'HALLPASS_PORT',
  host: 'HALLPASS_HOST',
  'database-url': 'HALLPASS_DATABASE_URL',
  'database-direct-url': 'HALLPASS_DATABASE_DIRECT_URL',
  'database-connections': 'HALLPASS_DATABASE_CONNECTIONS',
  fixture: 'HALLPASS_FIXTURE',
  overwrite: 'HALLPASS_FIXTURE_OVERWRITE',
  'public-url': 'HALLPASS_PUBLIC_URL',
  'widget-origins': 'HALLPASS_WIDGET_ORIGINS',
  'trust-proxy': 'HALLPASS_TRUST_PROXY',
  'failed-credentials-per-minute': 'HALLPASS_FAILED_CREDENTIALS_PER_MINUTE',
  'log-level': 'HALLPASS_LOG_LEVEL',
  'access-log': 'HALLPASS_ACCESS_LOG',
  'signing-alg': 'HALLPASS_SIGNING_ALG',
  'audit-log': 'HALLPASS_AUDIT_LOG',
  workers: 'HALLPASS_WORKERS',
  'metrics-port': 'HALLPASS_METRICS_PORT',
  'admin-port': 'HALLPASS_ADMIN_PORT',
  'keep-alive-timeout': 'HALLPASS_KEEP_ALIVE_TIMEOUT',
  'drain-delay': 'HALLPASS_DRAIN_DELAY',
  console: 'HALLPASS_CONSOLE',
  'secret-scanning-keys': 'HALLPASS_SECRET_SCANNING_KEYS',
  'secret-scanning-action': 'HALLPASS_SECRET_SCANNING_ACTION',
} as const

/** The flags of `hallpass serve`, as they were written. */
export type ServeFlags = { readonly [Flag in keyof typeof flagVariables]?: string }

/**
 * Reads the settings: first the flag, then the variable, then the default. Throws a StartError for an invalid value.
 */
export function loadConfig(flags: ServeFlags = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const ignored = serviceLinks(env)
  const variable = (name: string) => (ignored.includes(name) ? undefined : env[name] || undefined)
  const read = (flag: keyof typeof flagVariables) => flags[flag] ?? variable(flagVariables[flag])
  const secret = (flag: keyof typeof flagVariables) => flags[flag] ?? readSecret(env, flagVariables[flag])
  const databaseUrl = readDatabaseUrl(secret('database-url') ?? 'file:./hallpass.db')
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
    workers: workersOf(read('workers') ?? '1'),
    ...ownPortsOf(read('metrics-port'), read('admin-port'), port),
    console: oneOf('console', ['on', 'off'] as const, read('console') ?? 'on') === 'on',
    secretScanningKeys: scannerKeysOf(read('secret-scanning-keys')),
    secretScanningAction: oneOf('secret-scanning-action', leakActions, read('secret-scanning-action') ?? 'report'),
    keepAliveSeconds: keepAliveOf(read('keep-alive-timeout') ?? '620'),
    drainDelaySeconds: drainDelayOf(read('drain-delay') ?? '0.5'),
    warnings: ignored.map(
      (name) => `${name} is ignored, because it is the address of a Kubernetes Service. Set enableServiceLinks: false.`,
    ),
    metricsToken: metricsTokenOf(readSecret(env, 'HALLPASS_METRICS_TOKEN')),
  }
}

/** Kubernetes sets HALLPASS_PORT=tcp://… in every pod of a namespace that has a Service called hallpass. */
function serviceLinks(env: NodeJS.ProcessEnv): string[] {
  return [flagVariables.port, flagVariables['metrics-port'], flagVariables['admin-port']].filter((name) =>
    /^(tcp|udp|sctp):\/\/.+:\d+$/.test(env[name] ?? ''),
  )
}

function keepAliveOf(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3600) return Number(text)
  throw wrong('keep-alive-timeout', text, 'a whole number of seconds from 1 to 3600')
}

function drainDelayOf(text: string): number {
  if (/^\d(\.\d{1,3})?$/.test(text) && Number(text) <= 9) return Number(text)
  throw wrong('drain-delay', text, 'a number of seconds from 0 to 9')
}

function portOf(flag: 'port' | 'metrics-port' | 'admin-port', text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw wrong(flag, text, 'a whole number from 0 to 65535')
}

function ownPortsOf(metrics: string | undefined, admin: string | undefined, serverPort: number) {
  const metricsPort = ownPortOf('metrics-port', metrics, { '--port': serverPort })
  return {
    metricsPort,
    adminPort: ownPortOf('admin-port', admin, { '--port': serverPort, '--metrics-port': metricsPort }),
  }
}

/** A port that differs from the ports of these flags. 0 is any free port, which differs from every other one. */
function ownPortOf(
  flag: 'metrics-port' | 'admin-port',
  text: string | undefined,
  taken: Readonly<Record<string, number | undefined>>,
): number | undefined {
  if (text === undefined) return undefined
  const port = portOf(flag, text)
  const [same] = Object.entries(taken).find(([, other]) => port !== 0 && other === port) ?? []
  if (same !== undefined) throw wrong(flag, text, `a port other than ${same}`)
  return port
}

function connectionsOf(text: string): number {
  const connections = Number(text)
  if (/^\d{1,4}$/.test(text) && connections > 0) return connections
  throw wrong('database-connections', text, 'a whole number from 1 to 9999')
}

function publicUrlOf(url: string | undefined): string | undefined {
  const origin = url?.replace(/\/$/, '')
  if (origin === undefined || isHttpOrigin(origin)) return origin
  throw wrong('public-url', url ?? '', 'an origin such as https://pass.example.com, without a path')
}

function widgetOriginOf(origin: string): string {
  if (isHttpOrigin(origin)) return origin
  throw wrong('widget-origins', origin, 'a comma-separated list of origins such as https://widgets.example.com')
}

function trustProxyOf(text: string | undefined): Config['trustProxy'] {
  const trusted = readTrustProxy(text, listOf(text))
  if (trusted !== undefined) return trusted
  throw wrong('trust-proxy', text ?? '', 'a number of hops, or a comma-separated list of addresses and networks')
}

function failuresOf(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= maxFailures) return Number(text)
  throw wrong('failed-credentials-per-minute', text, `a whole number from 0 to ${maxFailures}; 0 is no limit`)
}

function workersOf(text: string): number {
  if (text === 'auto') return availableParallelism()
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= maxWorkers) return Number(text)
  throw wrong('workers', text, `auto, or a whole number from 1 to ${maxWorkers}`)
}

function signingAlgOf(text: string | undefined): TokenAlg | undefined {
  return text === undefined ? undefined : oneOf('signing-alg', tokenAlgs, text)
}

function scannerKeysOf(text: string | undefined): string | undefined {
  if (!text?.includes('://') || /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(text)) return text
  throw wrong('secret-scanning-keys', text, 'a file, or an https URL')
}

function metricsTokenOf(token: string | undefined): string | undefined {
  if (!token) return undefined
  if (token.length >= minMetricsTokenLength && /^[\x21-\x7e]+$/.test(token)) return token
  throw new StartError(
    `HALLPASS_METRICS_TOKEN must be at least ${minMetricsTokenLength} printable ASCII characters, without spaces.`,
  )
}

function oneOf<T extends string>(flag: keyof typeof flagVariables, allowed: readonly T[], text: string): T {
  const found = allowed.find((value) => value === text)
  if (found !== undefined) return found
  throw wrong(flag, text, `one of ${allowed.join(', ')}`)
}

const listOf = (text = '') =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const wrong = (flag: keyof typeof flagVariables, value: string, expected: string) =>
  new StartError(`--${flag} (${flagVariables[flag]}) is ${JSON.stringify(value)}. It must be ${expected}.`)
