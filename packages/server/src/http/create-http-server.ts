import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { DeadlineOf } from '../deadline.js'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { Execute } from '../execute/outcome.js'
import type { Metrics } from '../metrics/create-metrics.js'
import type { ReadRevocations } from '../revocation/publish-revocations.js'
import type { KeyRing } from '../signing/key-ring.js'
import type { SignIntrospection } from '../signing/sign-introspection.js'
import type { BeginTrace } from '../tracing/tracing.js'
import { type AccessLog, createAccessLog } from './access-log.js'
import type { ConnectionLimits } from './connections/connection-limits.js'
import { forwardingNotice } from './connections/forwarding-notice.js'
import { guardConnections } from './connections/guard-connections.js'
import { isProxyOf } from './connections/is-proxy.js'
import type { Turns } from './connections/take-turns.js'
import { type ConsoleOptions, registerConsole } from './console.js'
import { registerDocsPage } from './docs-page.js'
import { registerDocuments } from './documents.js'
import { registerEmbedScript } from './embed-script.js'
import { type Readiness, registerHealth } from './health.js'
import { hideAdministration, withoutAdministration } from './hide-administration.js'
import { readInbound } from './inbound.js'
import { registerMetrics } from './metrics.js'
import type { MetricsPolicy } from './metrics-access.js'
import { readBody } from './read-body.js'
import { requireLocalHost } from './require-local-host.js'
import { registerRest } from './rest.js'
import { registerRevocationStream } from './revocation-stream.js'
import { registerRevocations } from './revocations.js'
import { registerSecretScanning, type SecretScanning } from './secret-scanning.js'
import { streamLimitsFor } from './streams/open-streams.js'
import { beginRequest, endRequest } from './trace-request.js'
import { registerTrpc } from './trpc-transport.js'
import { isKnownRoute, refuseRequest, serveUnknownRoute } from './unknown-routes.js'

interface Deps {
  readonly clock: Clock
  /** A monotonic time in milliseconds. */
  readonly elapsed: () => number
  readonly deadlineOf: DeadlineOf
  readonly execute: Execute
  readonly issuer: () => string
  /** Undefined until the signing keys are known. */
  readonly keyRing: () => Pick<KeyRing, 'jwks' | 'algs'> | undefined
  readonly signIntrospection: SignIntrospection
  /** The revocation feed. Rejects while it can't be read. */
  readonly readRevocations: ReadRevocations
  readonly isReady: Readiness
  readonly isStopping: () => boolean
  readonly log: Logger
  readonly accessLog: AccessLog
  readonly metrics: Pick<Metrics, 'countAnswer' | 'showOpenStreams' | 'read'>
  readonly beginTrace: BeginTrace
  readonly metricsPolicy: MetricsPolicy | undefined
  readonly secretScanning: SecretScanning | undefined
  /** The trusted proxies: a number of hops, or networks. */
  readonly trustProxy: number | readonly string[] | false
  readonly connectionLimits: ConnectionLimits
  /** The order in which the requests of all connections are read. */
  readonly turns: Turns
  /** Whether to refuse requests for hosts other than localhost. */
  readonly localHostOnly?: boolean
  readonly console: ConsoleOptions
  /** Whether administration has its own listener, so that this one doesn't serve it. */
  readonly hidesAdministration: boolean
}

const bodyLimitBytes = 65_536

/** The HTTP server: documented REST paths, /trpc, public documents and health. */
export function createHttpServer(deps: Deps): FastifyInstance {
  const guard = guardConnections({
    limits: deps.connectionLimits,
    isProxy: isProxyOf(deps.trustProxy),
    turns: deps.turns,
    log: deps.log,
  })
  const app: FastifyInstance = fastify({
    bodyLimit: bodyLimitBytes,
    serverFactory: guard.createServer,
    trustProxy: trustOf(deps.trustProxy),
    exposeHeadRoutes: false,
    // the caller drains the server: accepted requests still get a response
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // an operation parses its query when it needs it, and only its own fields
    routerOptions: { maxParamLength: 16_384, querystringParser: () => ({}) },
    schemaController: { compilersFactory: noSchemas },
    frameworkErrors(error, request, reply) {
      request.inbound = readInbound(request, deps)
      refuseRequest(request, reply, toHallpassError(error))
    },
    clientErrorHandler(error, socket) {
      guard.refuse(socket, statusLines[error.code ?? ''] ?? '400 Bad Request')
    },
  })
  const logRequest = createAccessLog(deps)
  takeBodiesAsTheyAre(app)
  app.decorateRequest('refusal', undefined)
  app.decorateRequest('calls', undefined)
  app.decorateRequest('trace', undefined)
  const noticeForwarding = forwardingNotice(deps)
  // with callbacks, because a hook that returns a promise costs each request several turns of the microtask queue
  app.addHook('onRequest', (request, _reply, done) => {
    noticeForwarding(request)
    request.inbound = readInbound(request, deps)
    request.trace = beginRequest(request, deps.beginTrace)
    done()
  })
  if (deps.localHostOnly) requireLocalHost(app)
  if (deps.hidesAdministration) hideAdministration(app)
  app.addHook('onResponse', (request, reply, done) => {
    deps.metrics.countAnswer(reply.statusCode)
    logRequest(request, reply)
    endRequest(request, reply)
    done()
  })
  app.setNotFoundHandler(serveUnknownRoute)
  app.setErrorHandler((error, request, reply) => {
    if (!isKnownRoute(request)) return serveUnknownRoute(request, reply)
    return refuseRequest(request, reply, toHallpassError(error))
  })
  const execute = deps.hidesAdministration ? withoutAdministration(deps.execute) : deps.execute
  const calls = { ...deps, execute }
  registerRest(app, calls, deps.signIntrospection)
  registerTrpc(app, calls)
  registerDocuments(app, deps)
  registerRevocations(app, deps.readRevocations)
  registerRevocationStream(app, { ...deps, streamLimits: streamLimitsFor(deps.connectionLimits.connections) })
  registerDocsPage(app)
  registerConsole(app, deps.console)
  registerEmbedScript(app)
  registerHealth(app, deps.isReady)
  registerMetrics(app, deps)
  registerSecretScanning(app, deps.secretScanning)
  return app
}

/**
 * The maximum number of trusted proxies in a row. Each is compared with every network, and a caller may claim
 * thousands.
 */
const mostProxies = 20

/** Which `X-Forwarded-For` entries to trust, from the right: a number of hops, or proxies of these networks. */
function trustOf(trustProxy: Deps['trustProxy']): FastifyServerOptions['trustProxy'] {
  if (trustProxy === false) return false
  if (typeof trustProxy === 'number') return (_address: string, hop: number) => hop < trustProxy
  const isProxy = isProxyOf(trustProxy)
  return (address, hop) => hop < mostProxies && isProxy(address)
}

/** The contracts describe input and output, so the framework's own compilers are not loaded. */
const noSchemas = { buildValidator: refuseSchema, buildSerializer: refuseSchema }

function refuseSchema(): never {
  throw new Error('Operations have schemas, routes do not.')
}

/** Every body reaches its transport as bytes. The transport checks its type. */
function takeBodiesAsTheyAre(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', readBody(bodyLimitBytes))
}

const statusLines: Record<string, string> = {
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** The framework's own errors, as refusals. */
function toHallpassError(error: unknown): HallpassError {
  if (error instanceof HallpassError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new HallpassError('unsupported_media_type', messages.unsupportedContentType)
  }
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' || code === 'FST_ERR_BAD_URL') {
    return new HallpassError('malformed_request', messages.malformed)
  }
  return new HallpassError('internal_error', messages.internalError, { cause: error })
}
