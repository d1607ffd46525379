import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fixture } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { countActivity } from './activity/count-activity.js'
import { readFixture } from './admin/import-fixture.js'
import { type Clock, systemClock } from './clock.js'
import type { Config } from './config.js'
import { StartError } from './errors.js'
import { createExecute } from './execute/execute.js'
import type { Services } from './execute/services.js'
import { createHttpServer } from './http/create-http-server.js'
import { createSlidingWindow } from './limits/sliding-window.js'
import { startMaintenance } from './maintenance.js'
import { createMetrics, type Metrics } from './metrics/create-metrics.js'
import { openStore } from './open-store.js'
import { keepRefusals } from './refusals/keep-refusals.js'
import { explainToken } from './signing/explain-token.js'
import { type KeyRing, openKeyRing } from './signing/key-ring.js'
import { signToken } from './signing/sign-token.js'
import { verifyToken } from './signing/verify-token.js'
import type { Store } from './store/store.js'

/** A server that listens. */
export interface HallpassServer {
  /** Where it listens, such as `http://127.0.0.1:8787`. */
  readonly url: string
  /** Finishes what was accepted and closes; resolves in at most 10 s. */
  readonly stop: () => Promise<void>
}

/** What a test may hold still. */
export interface Overrides {
  readonly clock?: Clock
  readonly log?: Logger
  /** In place of the half second for which `/health/ready` refuses before connections do. */
  readonly noticeMilliseconds?: number
  /** Imported in place of the configured file. */
  readonly fixture?: Fixture
  readonly team?: Team
}

/** For one of several workers, which all answer at one address: what they share. The database is prepared already. */
export interface Team {
  readonly limit: Services['limit']
  readonly metrics: Metrics
}

/** Load balancers see `/health/ready` refuse for this long before connections do. */
const noticeMilliseconds = 500
const drainMilliseconds = 8_500

/** Opens the database, imports the fixture, listens. Throws StartError, one line for the operator. */
export async function createServer(config: Config, overrides: Overrides = {}): Promise<HallpassServer> {
  const clock = overrides.clock ?? systemClock
  const log = overrides.log ?? createLog(config)
  const fixture = overrides.fixture ?? (config.fixture === undefined ? undefined : readFixture(config.fixture))
  const { store, keys, close } = await openStore(config, clock, { fixture, exclusive: !overrides.team })
  const unknown = fixture?.accounts.flatMap(({ api_keys }) => api_keys.filter(({ secret }) => secret === undefined))
  // their secrets could be shown nowhere here
  if (unknown?.length) log.warn({ keys: unknown.length }, '`hallpass fixture import` makes keys without a secret')
  try {
    const keyRing = await openKeyRing({ clock, store, sealKey: keys.sealSigningKey, alg: config.signingAlg })
    const state = { stopping: false, url: '' }
    const stopping = new AbortController()
    // as many may wait as there are requests
    setMaxListeners(0, stopping.signal)
    const issuer = () => config.publicUrl ?? state.url
    const services = createServices({
      config,
      clock,
      store,
      keys,
      issuer,
      keyRing,
      log,
      stopping: stopping.signal,
      team: overrides.team,
    })
    const app = createHttpServer({
      clock,
      log,
      metrics: overrides.team?.metrics ?? createMetrics(),
      metricsToken: config.metricsToken,
      issuer,
      execute: createExecute(services),
      keyRing,
      store,
      isReady: async () => !state.stopping && isReachable(store),
      isStopping: () => state.stopping,
      trustProxy: config.trustProxy,
    })
    state.url = await listen(app, config)
    const stopMaintenance = startMaintenance({ clock, store, keyRing, log })
    const stop = async () => {
      state.stopping = true
      stopping.abort()
      stopMaintenance()
      await delay(overrides.noticeMilliseconds ?? noticeMilliseconds)
      await drain(app)
      await services.refusals.flush()
      await services.activity.flush()
      await close()
    }
    return { url: state.url, stop }
  } catch (error) {
    await close()
    throw error
  }
}

/** Logs go to stderr: stdout says only that the server is ready. */
export const createLog = ({ logLevel }: Pick<Config, 'logLevel'>): Logger =>
  pino({ level: logLevel, base: null }, pino.destination(2))

function createServices(needs: {
  config: Config
  clock: Clock
  store: Store
  keys: Services['keys']
  issuer: () => string
  keyRing: KeyRing
  log: Logger
  stopping: AbortSignal
  team: Team | undefined
}): Services {
  const { config, clock, store, keys, issuer, team } = needs
  const limiter = createSlidingWindow(clock)
  const sampler = createSlidingWindow(clock)
  const sample = (kind: string, perMinute: number) =>
    sampler.consume(kind, { limit: perMinute, windowSeconds: 60 }).allowed
  return {
    clock,
    store,
    keys,
    issuer,
    keyRing: needs.keyRing,
    widgetOrigins: new Set(config.widgetOrigins),
    sign: (kind, claims, lifetime) => signToken(needs, kind, claims, lifetime),
    lifetime: (standardSeconds) => standardSeconds,
    pause: (milliseconds) => delay(milliseconds, undefined, { signal: needs.stopping }).catch(() => {}),
    verify: (kind, token, options) => verifyToken(needs, kind, token, options),
    explainToken: (kind, token) => explainToken(needs, kind, token),
    limit: team?.limit ?? (async (key, quota) => limiter.consume(key, quota)),
    refusals: keepRefusals({ ...needs, sample }),
    activity: countActivity(needs),
  }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new StartError(`port ${port} on ${host} is in use; stop what uses it, or give another --port`)
    if (code === 'EACCES') throw new StartError(`port ${port} on ${host} may not be used by this user`)
    throw new StartError(`cannot listen on ${host} port ${port}: ${error instanceof Error ? error.message : error}`)
  }
}

async function drain(app: FastifyInstance): Promise<void> {
  const patience = new AbortController()
  await Promise.race([app.close(), delay(drainMilliseconds, undefined, { signal: patience.signal }).catch(() => {})])
  patience.abort()
  app.server.closeAllConnections()
}

async function isReachable(store: Store): Promise<boolean> {
  try {
    await store.ping()
    return true
  } catch {
    return false
  }
}
