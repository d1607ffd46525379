import { randomBytes } from 'node:crypto'
import { loadConfig } from '@hallpass/server'
import { pino } from 'pino'
import { fixtureWithHost } from '../fixtures/host-key.js'
import { type TestClock, testClock } from './in-process-server.js'
import { newDatabase } from './new-database.js'
import {
  connectionLimits,
  countActivity,
  countOrigins,
  createDeadlines,
  createExecute,
  createFailureGate,
  createHttpServer,
  createMetrics,
  createRefusalLog,
  createRevocationFeed,
  createSlidingWindow,
  explainToken,
  type KeyRing,
  openIssuerKeys,
  openKeyRing,
  openStore,
  type Services,
  type Store,
  shedCalls,
  signInTurns,
  signIntrospection,
  signToken,
  takeTurns,
  verifySubjectToken,
  verifyToken,
  writeFeedCutoff,
} from './server-parts.js'

/** A server assembled by a test, in memory, with access to its store and signing keys. */
export interface AssembledServer {
  readonly clock: TestClock
  readonly store: Store
  readonly keyRing: KeyRing
  /** A request without a socket. */
  readonly call: (path: string, options: CallOptions) => Promise<CallResponse>
  readonly stop: () => Promise<void>
}

interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly headers?: Record<string, string>
  readonly body?: object | string
}

export interface CallResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON body, or empty if the body is not JSON. */
  readonly body: Record<string, unknown>
}

const issuer = 'https://pass.example'

/** `wrap` can put something between the server and its store, such as a fault or a pause. */
export async function assembleServer(
  options: {
    clock?: TestClock
    wrap?: (store: Store) => Store
    widgetOrigins?: readonly string[]
    /** An existing database, which an earlier server used with this master key. */
    database?: { readonly url: string; readonly masterKey: Buffer }
    time?: Parameters<typeof createDeadlines>[0]
    /** For how long each request has waited, in milliseconds. Without it, none has. */
    requestDelay?: () => number
  } = {},
): Promise<AssembledServer> {
  const { clock = testClock(), wrap = (store) => store, widgetOrigins = [] } = options
  const { time = { elapsed: () => performance.now() }, requestDelay = () => 0 } = options
  const { url, masterKey } = options.database ?? { url: await newDatabase(), masterKey: randomBytes(32) }
  const config = { ...loadConfig({ 'database-url': url, 'signing-alg': 'EdDSA' }, {}), masterKey }
  const opened = await openStore(config, clock, { fixture: fixtureWithHost, exclusive: true })
  const store = wrap(opened.store)
  const keyRing = await openKeyRing({ clock, store, dataKeys: opened.keys.ring, alg: config.signingAlg })
  const deps = { clock, issuer: () => issuer, keyRing }
  const limiter = createSlidingWindow(clock)
  const issuerKeys = openIssuerKeys({ clock, config, log: pino({ level: 'silent' }) })
  const log = pino({ level: 'silent' })
  const metrics = createMetrics()
  const services: Services = {
    ...deps,
    store,
    offersFaults: true,
    keys: opened.keys,
    auditSealer: opened.auditSealer,
    logAudit: () => {},
    refusalAuditor: { note: () => {}, flush: async () => {} },
    widgetOrigins: new Set(widgetOrigins),
    sign: (kind, claims, lifetime) => signToken(deps, kind, claims, lifetime),
    lifetime: (standardSeconds) => standardSeconds,
    pause: async () => {},
    verify: (kind, token, how) => verifyToken(deps, kind, token, how),
    explainToken: (kind, token) => explainToken(deps, kind, token),
    verifySubjectToken: (client, token) => verifySubjectToken({ ...deps, issuerKeys }, client, token),
    allowsLocalIssuers: config.localIssuers,
    failureGate: createFailureGate(clock, 0),
    consume: async (meters) => limiter.consume(meters),
    refusals: createRefusalLog({ clock, keys: opened.keys, store, log, sample: () => true }),
    activity: countActivity({ clock, store, log }),
    origins: countOrigins({ clock, store, log }),
    metrics,
  }
  const app = createHttpServer({
    ...deps,
    turns: takeTurns(),
    elapsed: time.elapsed,
    deadlineOf: createDeadlines(time),
    accessLog: 'all',
    log,
    keyRing: () => keyRing,
    signIntrospection: (...answer) => signIntrospection(deps, ...answer),
    readRevocations: createRevocationFeed({
      ...deps,
      store,
      writeCutoff: (...cutoff) => writeFeedCutoff({ ...services, log }, ...cutoff),
      sign: (typ, json) => signInTurns(keyRing.signingKey(), typ, json),
    }),
    execute: shedCalls(createExecute(services), {
      ...{ shedAfterMilliseconds: 200, elapsed: time.elapsed, requestDelay, databaseDelay: () => 0, metrics, log },
    }),
    metrics,
    beginTrace: () => undefined,
    metricsPolicy: { token: undefined, trustLoopback: true },
    secretScanning: undefined,
    isReady: async () => true,
    isStopping: () => false,
    trustProxy: false,
    connectionLimits: { ...connectionLimits, connections: 100 },
    console: { isServed: false, folder: undefined },
    hidesAdministration: false,
  })
  const call: AssembledServer['call'] = async (url, { method = 'POST', headers = {}, body }) => {
    const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {}
    const payload = typeof body === 'object' ? JSON.stringify(body) : body
    const response = await app.inject({
      method,
      url,
      headers: { ...type, ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
    const isJson = String(response.headers['content-type']).startsWith('application/json')
    return {
      status: response.statusCode,
      // few tests read them, and making them takes long
      get headers() {
        return headersOf(response)
      },
      text: response.body,
      body: isJson ? JSON.parse(response.body) : {},
    }
  }
  const stop = async () => {
    await app.close()
    await opened.close()
  }
  return { clock, store, keyRing, call, stop }
}

function headersOf({ headers }: { readonly headers: Record<string, unknown> }): Headers {
  return new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]))
}
