import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fixture } from '@hallpass/contracts'
import type { Logger } from 'pino'
import { type Clock, systemClock } from './clock.js'
import type { Config } from './config.js'
import { maxSkewMilliseconds } from './database-clock.js'
import { createDeadlines } from './deadline.js'
import { elapsedOfProcess } from './elapsed.js'
import { unavailable } from './execute/common-refusals.js'
import { executeOnceRunning } from './execute/execute-once-running.js'
import type { Services } from './execute/services.js'
import { placeOf } from './exposure/report-exposures.js'
import { readFixture } from './fixture/import-fixture.js'
import { affordableConnections, type ConnectionLimits, connectionLimits } from './http/connections/connection-limits.js'
import { createApps } from './http/create-apps.js'
import { drain, listen, listenForMetrics } from './http/listen.js'
import type { MetricsServer } from './http/metrics-server.js'
import { createLog, readVersion } from './log.js'
import { createMetrics, type Metrics } from './metrics/create-metrics.js'
import { createProcessClock, watchClock } from './process-clock.js'
import { openScannerKeys } from './secret-scanning/public-keys.js'
import { type RunningServices, startServices } from './start-services.js'
import { backOff } from './store/back-off.js'
import { StoreUnavailable } from './store/failure.js'
import { isPostgresUrl } from './store/resolve-database.js'
import { openTracing } from './tracing/open-tracing.js'

/** A server that listens. */
export interface HallpassServer {
  /** The URL that it listens on, such as `http://127.0.0.1:8787`. */
  readonly url: string
  /** The URL of the metrics, if they have their own port. */
  readonly metricsUrl?: string
  /** The URL of administration, the console and metrics, if they have their own port. */
  readonly adminUrl?: string
  /**
   * Resolves when the database is open. Until then, calls get 503. Rejects with a StartError if the database can't be
   * used.
   */
  readonly ready: Promise<void>
  /** Finishes the accepted requests and closes. Takes at most 10 s. */
  readonly stop: () => Promise<void>
}

/** What a test can control. */
export interface Overrides {
  /** Replaces both the clock of this process and that of the database. */
  readonly clock?: Clock
  /** The clock of this machine. The server follows it, or the database's clock, without jumping. */
  readonly hostClock?: Clock
  /** A monotonic time, in milliseconds. */
  readonly elapsed?: () => number
  readonly log?: Logger
  /** Replaces the half second during which `/health/ready` fails before connections do. */
  readonly noticeMilliseconds?: number
  /** Imported instead of the configured file. */
  readonly fixture?: Fixture
  readonly workerGroup?: WorkerGroup
  readonly connectionLimits?: Partial<ConnectionLimits>
  /** Refuses requests for hosts other than localhost. */
  readonly localHostOnly?: boolean
  /** The built console, instead of the one in this package. */
  readonly consoleFolder?: string
}

/** For one of several workers that share an address: what they have in common. The database is already prepared. */
export interface WorkerGroup {
  /** The first worker logs what concerns all of them. */
  readonly isFirst: boolean
  readonly limit: Services['consume']
  readonly metrics: Metrics
  /** The primary's time, in milliseconds. Absent if all workers follow the database's clock. */
  readonly readTime?: () => Promise<number>
}

const drainMilliseconds = 6_500
/** A stop takes at most 10 s, of which closing the database takes the rest. */
const stopMilliseconds = 9_500
/** When the server stops, it doesn't wait longer than this for a running attempt to open the database. */
const attemptMilliseconds = 1_000

/**
 * Opens the database, imports the fixture and listens. Throws a StartError with one line for the operator. If the
 * database can't be reached, it doesn't throw: the server listens, reports that it isn't ready, and keeps trying.
 */
export async function createServer(config: Config, overrides: Overrides = {}): Promise<HallpassServer> {
  const elapsed = overrides.elapsed ?? elapsedOfProcess()
  const processClock = createProcessClock({ wall: overrides.hostClock ?? systemClock, elapsed })
  const clock = overrides.clock ?? processClock.clock
  const log = overrides.log ?? createLog(config)
  const fixture = overrides.fixture ?? (config.fixture === undefined ? undefined : readFixture(config.fixture))
  const unknown = fixture?.accounts.flatMap(({ api_keys }) => api_keys.filter(({ secret }) => secret === undefined))
  // a server has nowhere to show their secrets
  if (unknown?.length) log.warn({ keys: unknown.length }, '`hallpass fixture import` makes keys without a secret')
  const state: State = {
    stopping: new AbortController(),
    url: '',
    adminUrl: undefined,
    running: undefined,
    metricsServer: undefined,
  }
  const issuer = () => config.publicUrl ?? state.url
  const { openFiles, connections } = affordableConnections()
  const keepAliveTimeout = 1_000 * config.keepAliveSeconds
  const limits = { ...connectionLimits, keepAliveTimeout, connections, ...overrides.connectionLimits }
  if (overrides.workerGroup?.isFirst ?? true) for (const warning of config.warnings) log.warn(warning)
  const metrics = overrides.workerGroup?.metrics ?? createMetrics()
  metrics.watch(() => state.running?.state())
  const tracing = await openTracing({ version: readVersion(), exportsTraces: config.exportsTraces, log })
  const { app, adminApp } = createApps(
    {
      clock,
      elapsed,
      deadlineOf: createDeadlines({ elapsed }),
      log,
      accessLog: config.accessLog,
      metrics,
      beginTrace: tracing.begin,
      metricsPolicy: metricsPolicyOf(config),
      secretScanning:
        config.secretScanningKeys === undefined
          ? undefined
          : {
              keys: openScannerKeys(config.secretScanningKeys, clock),
              report: (matches) => state.running?.reportLeaks(matches) ?? Promise.reject(unavailable()),
            },
      issuer,
      shedAfterMilliseconds: config.shedAfterMilliseconds,
      databaseDelay: () => state.running?.databaseDelay() ?? 0,
      execute: executeOnceRunning(() => state.running?.execute, metrics),
      keyRing: () => state.running?.keyRing,
      signIntrospection(...answer) {
        if (!state.running) throw unavailable()
        return state.running.signIntrospection(...answer)
      },
      readRevocations: (...feed) => state.running?.readRevocations(...feed) ?? Promise.reject(unavailable()),
      isReady: async () => {
        if (state.stopping.signal.aborted || processClock.skew() > maxSkewMilliseconds) return false
        return (await state.running?.isReachable()) === true
      },
      isStopping: () => state.stopping.signal.aborted,
      trustProxy: config.trustProxy,
      connectionLimits: limits,
      localHostOnly: overrides.localHostOnly ?? false,
      console: { isServed: config.console, folder: overrides.consoleFolder },
    },
    config.adminPort !== undefined,
  )
  const sharedLimit = overrides.workerGroup?.limit
  const primaryTime = overrides.workerGroup?.readTime
  const reportsExposures = overrides.workerGroup?.isFirst ?? true
  // the queue is as long as the number of requests at a time
  setMaxListeners(0, state.stopping.signal)
  const stopping = state.stopping.signal
  const open = () =>
    startServices({
      ...{ config, clock, processClock, log, metrics, issuer, fixture, stopping },
      ...{ sharedLimit, primaryTime, reportsExposures },
    })
  const { first, opened, ready } = keepOpening(state, open, log)
  const stopWatching = watchClock(processClock, log)
  const close = async () => {
    stopWatching()
    state.stopping.abort()
    // an attempt waits as long as another server's migration takes
    await Promise.race([opened.catch(() => {}), delay(attemptMilliseconds, undefined, { ref: false })])
    await state.metricsServer?.close()
    await state.running?.stop()
    await tracing.close()
  }
  try {
    // load balancers must not send calls before the server can answer them
    await first
    const deps = { metrics, token: config.metricsToken, connectionLimits: limits, log }
    state.metricsServer = await listenForMetrics(deps, config)
    const { host, adminPort } = config
    if (adminApp && adminPort !== undefined)
      state.adminUrl = await listen(adminApp, { host, port: adminPort }, '--admin-port')
    state.url = await listen(app, config)
    const database = isPostgresUrl(config.databaseUrl) ? placeOf(config.databaseUrl) : config.databaseUrl
    const { adminUrl } = state
    const started = { version: readVersion(), issuer: issuer(), database, algorithm: config.signingAlg, adminUrl }
    log.info({ ...started, node: process.version, openFiles, connections: limits.connections }, 'The server listens.')
  } catch (error) {
    await adminApp?.close()
    await close()
    throw error
  }
  const stop = async () => {
    state.stopping.abort()
    const notice = overrides.noticeMilliseconds ?? 1_000 * config.drainDelaySeconds
    await delay(notice)
    const milliseconds = Math.min(drainMilliseconds, stopMilliseconds - notice)
    await Promise.all([app, ...(adminApp ? [adminApp] : [])].map((each) => drain(each, milliseconds)))
    await close()
  }
  const { url, adminUrl, metricsServer } = state
  return {
    ...{ url, ready, stop },
    ...(metricsServer ? { metricsUrl: metricsServer.url } : {}),
    ...(adminUrl === undefined ? {} : { adminUrl }),
  }
}

interface State {
  readonly stopping: AbortController
  url: string
  adminUrl: string | undefined
  running: RunningServices | undefined
  metricsServer: MetricsServer | undefined
}

/**
 * Opens the database, and retries while it can't be reached. `first` settles with the first attempt and `opened` with
 * the last one. `ready` never resolves if the server is stopped before.
 */
function keepOpening(
  state: State,
  open: () => Promise<RunningServices>,
  log: Logger,
): { first: Promise<void>; opened: Promise<void>; ready: Promise<void> } {
  const attempt = async () => {
    try {
      state.running = await open()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      log.warn({ cause: error }, 'The database cannot be reached. Retrying.')
    }
  }
  const goOn = async () => {
    const { signal } = state.stopping
    for (let attempts = 1; !state.running && !signal.aborted; attempts++) {
      await backOff(attempts, signal)
      if (!signal.aborted) await attempt()
    }
  }
  const first = attempt()
  const opened = first.then(goOn)
  const ready = opened.then(() => (state.running ? undefined : new Promise<void>(() => {})))
  // a caller that doesn't wait for it must not crash because of it
  ready.catch(() => {})
  return { first, opened, ready }
}

/** A server with a public URL is behind a proxy, so a request from this machine can come from anyone. */
function metricsPolicyOf({ metricsPort, metricsToken, publicUrl }: Config) {
  return metricsPort === undefined ? { token: metricsToken, trustLoopback: publicUrl === undefined } : undefined
}
