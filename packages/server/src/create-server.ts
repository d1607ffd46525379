import { lookup } from 'node:dns/promises'
import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { type Fixture, operations } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { type Clock, systemClock } from './clock.js'
import type { Config } from './config.js'
import { maxSkewMilliseconds } from './database-clock.js'
import { elapsedOfProcess } from './elapsed.js'
import { StartError } from './errors.js'
import { unavailable } from './execute/common-refusals.js'
import type { Execute } from './execute/outcome.js'
import type { Services } from './execute/services.js'
import { readFixture } from './fixture/import-fixture.js'
import { affordableConnections, type ConnectionLimits, connectionLimits } from './http/connections/connection-limits.js'
import { createHttpServer } from './http/create-http-server.js'
import { type MetricsServer, serveMetrics } from './http/metrics-server.js'
import { waitForQuietTurn } from './http/quiet-turn.js'
import { createLog } from './log.js'
import { createMetrics, type Metrics } from './metrics/create-metrics.js'
import { createProcessClock, watchClock } from './process-clock.js'
import { openScannerKeys } from './secret-scanning/public-keys.js'
import { type RunningServices, startServices } from './start-services.js'
import { backOff } from './store/back-off.js'
import { StoreUnavailable } from './store/failure.js'

/** A server that listens. */
export interface HallpassServer {
  /** Where it listens, such as `http://127.0.0.1:8787`. */
  readonly url: string
  /** Where the metrics are served, if not there. */
  readonly metricsUrl?: string
  /** Resolves when the database is open, if it ever is; until then calls are answered 503. Rejects with a StartError where it may not be used. */
  readonly ready: Promise<void>
  /** Finishes what was accepted and closes; resolves in at most 10 s. */
  readonly stop: () => Promise<void>
}

/** What a test may hold still. */
export interface Overrides {
  /** Time itself, in place of the clocks of this process and of the database. */
  readonly clock?: Clock
  /** The clock of this machine. The server follows it, or the database's, without jumping. */
  readonly hostClock?: Clock
  /** Milliseconds since some moment, which never jump. */
  readonly elapsed?: () => number
  readonly log?: Logger
  /** In place of the half second for which `/health/ready` refuses before connections do. */
  readonly noticeMilliseconds?: number
  /** Imported in place of the configured file. */
  readonly fixture?: Fixture
  readonly team?: Team
  readonly connectionLimits?: Partial<ConnectionLimits>
}

/** For one of several workers, which all answer at one address: what they share. The database is prepared already. */
export interface Team {
  /** The first worker logs what concerns all of them. */
  readonly isFirst: boolean
  readonly limit: Services['consume']
  readonly metrics: Metrics
  /** The primary's time, in milliseconds, unless the database has a clock that all follow. */
  readonly readTime?: () => Promise<number>
}

/** Load balancers see `/health/ready` refuse for this long before connections do. */
const noticeMilliseconds = 500
const drainMilliseconds = 6_500
/** An attempt to open the database that takes longer than this is left to itself when the server stops. */
const attemptMilliseconds = 1_000

/**
 * Opens the database, imports the fixture, listens. Throws StartError, one line for the operator. A database that cannot
 * be reached is no such error: the server listens, says that it is not ready, and goes on trying.
 */
export async function createServer(config: Config, overrides: Overrides = {}): Promise<HallpassServer> {
  const elapsed = overrides.elapsed ?? elapsedOfProcess()
  const processClock = createProcessClock({ wall: overrides.hostClock ?? systemClock, elapsed })
  const clock = overrides.clock ?? processClock.clock
  const log = overrides.log ?? createLog(config)
  const fixture = overrides.fixture ?? (config.fixture === undefined ? undefined : readFixture(config.fixture))
  const unknown = fixture?.accounts.flatMap(({ api_keys }) => api_keys.filter(({ secret }) => secret === undefined))
  // their secrets could be shown nowhere here
  if (unknown?.length) log.warn({ keys: unknown.length }, '`hallpass fixture import` makes keys without a secret')
  const state: State = { stopping: new AbortController(), url: '', running: undefined, metricsServer: undefined }
  const issuer = () => config.publicUrl ?? state.url
  const { openFiles, connections } = affordableConnections()
  const limits = { ...connectionLimits, connections, ...overrides.connectionLimits }
  const metrics = overrides.team?.metrics ?? createMetrics()
  const app = createHttpServer({
    clock,
    log,
    metrics,
    metricsPolicy: metricsPolicyOf(config),
    secretScanning:
      config.secretScanningKeys === undefined
        ? undefined
        : {
            keys: openScannerKeys(config.secretScanningKeys, clock),
            report: (matches) => state.running?.reportLeaks(matches) ?? Promise.reject(unavailable()),
          },
    issuer,
    execute: executeOnceRunning(state, metrics),
    jwks: () => state.running?.jwks(),
    readRevocations: (...feed) => state.running?.readRevocations(...feed) ?? Promise.reject(unavailable()),
    isReady: async () => {
      if (state.stopping.signal.aborted || processClock.skew() > maxSkewMilliseconds) return false
      return (await state.running?.isReachable()) === true
    },
    isStopping: () => state.stopping.signal.aborted,
    trustProxy: config.trustProxy,
    connectionLimits: limits,
  })
  const teamLimit = overrides.team?.limit
  const teamTime = overrides.team?.readTime
  const logsExposures = overrides.team?.isFirst ?? true
  // as many may wait as there are requests
  setMaxListeners(0, state.stopping.signal)
  const stopping = state.stopping.signal
  const open = () =>
    startServices({
      ...{ config, clock, processClock, log, metrics, issuer, fixture, stopping },
      ...{ teamLimit, teamTime, logsExposures },
    })
  const { first, opened, ready } = keepOpening(state, open, log)
  const stopWatching = watchClock(processClock, log)
  const close = async () => {
    stopWatching()
    state.stopping.abort()
    // an attempt may wait for another server's migration, for as long as that takes
    await Promise.race([opened.catch(() => {}), delay(attemptMilliseconds, undefined, { ref: false })])
    await state.metricsServer?.close()
    await state.running?.stop()
  }
  try {
    // nobody is to be sent here before there is an answer
    await first
    const deps = { metrics, token: config.metricsToken, connectionLimits: limits, log }
    state.metricsServer = await listenForMetrics(deps, config)
    state.url = await listen(app, config)
    log.info({ openFiles, connections: limits.connections }, 'the most connections at one time')
  } catch (error) {
    await close()
    throw error
  }
  const stop = async () => {
    state.stopping.abort()
    await delay(overrides.noticeMilliseconds ?? noticeMilliseconds)
    await drain(app)
    await close()
  }
  const { url, metricsServer } = state
  return { url, ready, stop, ...(metricsServer ? { metricsUrl: metricsServer.url } : {}) }
}

interface State {
  readonly stopping: AbortController
  url: string
  running: RunningServices | undefined
  metricsServer: MetricsServer | undefined
}

/** Before the database is open, every call is refused, and counted here. */
function executeOnceRunning(state: State, metrics: Metrics): Execute {
  return async (id, call) => {
    if (state.running) return state.running.execute(id, call)
    const outcome = { error: unavailable(), allowance: undefined }
    metrics.countCall({ operation: operations[id], transport: call.transport, outcome, seconds: 0 })
    return outcome
  }
}

/**
 * Opens the database, again and again while it cannot be reached. `first` is over with the first attempt, `opened` with
 * the last; `ready` never resolves where the server was stopped before.
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
      log.warn({ cause: error }, 'the database cannot be reached; trying again')
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
  // whoever does not wait for it is not to end with it
  ready.catch(() => {})
  return { first, opened, ready }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    // one address, also where a name such as localhost has two: the issuer is that one, and what is drained
    const { address } = await lookup(host)
    return await app.listen({ host: address, port })
  } catch (error) {
    throw listenError(error, host, port, '--port')
  }
}

async function listenForMetrics(
  deps: Parameters<typeof serveMetrics>[0],
  { host, metricsPort: port }: Config,
): Promise<MetricsServer | undefined> {
  if (port === undefined) return undefined
  try {
    const { address } = await lookup(host)
    return await serveMetrics(deps, address, port)
  } catch (error) {
    throw listenError(error, host, port, '--metrics-port')
  }
}

function listenError(error: unknown, host: string, port: number, flag: string): StartError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new StartError(`port ${port} on ${host} is in use; stop what uses it, or give another ${flag}`)
  if (code === 'EACCES') return new StartError(`port ${port} on ${host} may not be used by this user`)
  return new StartError(`cannot listen on ${host} port ${port}: ${error instanceof Error ? error.message : error}`)
}

/** Behind a public URL there is a proxy, and what it forwards from this machine is anyone's. */
function metricsPolicyOf({ metricsPort, metricsToken, publicUrl }: Config) {
  return metricsPort === undefined ? { token: metricsToken, trustLoopback: publicUrl === undefined } : undefined
}

async function drain(app: FastifyInstance): Promise<void> {
  await waitForQuietTurn(app.server)
  const patience = new AbortController()
  await Promise.race([app.close(), delay(drainMilliseconds, undefined, { signal: patience.signal }).catch(() => {})])
  patience.abort()
  app.server.closeAllConnections()
}
