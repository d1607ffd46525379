import { setTimeout as delay } from 'node:timers/promises'
import type { Fixture } from '@hallpass/contracts'
import type { Logger } from 'pino'
import { countActivity } from './activity/count-activity.js'
import { countOrigins } from './activity/count-origins.js'
import type { Clock } from './clock.js'
import type { Config } from './config.js'
import type { Deadline } from './deadline.js'
import { startDelivery } from './delivery/start-delivery.js'
import { createRefusalAuditor } from './execute/audit-refusals.js'
import { createExecute } from './execute/execute.js'
import { createAuditLog } from './execute/log-audit.js'
import { logRecovery } from './execute/log-recovery.js'
import type { Execute } from './execute/outcome.js'
import type { Bind, Services } from './execute/services.js'
import { writeFeedCutoff } from './execute/write-feed-cutoff.js'
import { reportExposures } from './exposure/report-exposures.js'
import { warningsOf } from './fixture/import-fixture.js'
import { followDatabase } from './follow-database.js'
import { openIssuerKeys } from './identity/open-issuer-keys.js'
import { verifySubjectToken } from './identity/verify-subject-token.js'
import { keepLatestTime } from './latest-time.js'
import type { Allowance, Meter } from './limits/allowance.js'
import { createFailureGate } from './limits/failure-gate.js'
import { createSlidingWindow } from './limits/sliding-window.js'
import { readVersion } from './log.js'
import { startMaintenance } from './maintenance.js'
import type { ServerState } from './metrics/server-state.js'
import { type OpenStore, openStore } from './open-store.js'
import { followTime, type ProcessClock } from './process-clock.js'
import { createRefusalLog } from './refusals/refusal-log.js'
import { createRevocationFeed, type ReadRevocations } from './revocation/publish-revocations.js'
import { handleReport } from './secret-scanning/handle-report.js'
import type { LeakFeedback, LeakMatch } from './secret-scanning/match.js'
import { explainToken } from './signing/explain-token.js'
import { type KeyRing, openKeyRing } from './signing/key-ring.js'
import { signInTurns } from './signing/sign-in-turns.js'
import { type SignIntrospection, signIntrospection } from './signing/sign-introspection.js'
import { signToken } from './signing/sign-token.js'
import { createVerifiedSignatures, type VerifiedSignatures } from './signing/verified-signatures.js'
import { verifyToken } from './signing/verify-token.js'
import type { Store } from './store/store.js'

/** What a server answers calls with, once its database is open. */
export interface RunningServices {
  readonly execute: Execute
  readonly keyRing: Pick<KeyRing, 'jwks' | 'algs'>
  readonly signIntrospection: SignIntrospection
  readonly readRevocations: ReadRevocations
  readonly reportLeaks: (matches: readonly LeakMatch[]) => Promise<LeakFeedback[]>
  /** Whether the database can be reached and its data keys can be opened. */
  readonly isReachable: () => Promise<boolean>
  readonly state: () => ServerState
  /** How long the first call that waits for a database connection has waited, in milliseconds. 0 if none waits. */
  readonly databaseDelay: () => number
  readonly stop: () => Promise<void>
}

interface Deps {
  readonly config: Config
  readonly clock: Clock
  readonly processClock: ProcessClock
  readonly log: Logger
  readonly metrics: Services['metrics']
  readonly issuer: () => string
  readonly fixture: Fixture | undefined
  /** Aborted when the server stops, so that nothing keeps waiting. */
  readonly stopping: AbortSignal
  /** For one of several workers: the limits that they share. */
  readonly sharedLimit: Services['consume'] | undefined
  /** For one of several workers on SQLite: the time of their primary, in milliseconds. */
  readonly primaryTime: (() => Promise<number>) | undefined
  /** Only the first of several workers reports exposures. */
  readonly reportsExposures: boolean
}

/** Opens the database and assembles the services. Throws a StartError, or StoreUnavailable if a retry may help. */
export async function startServices(deps: Deps): Promise<RunningServices> {
  const { config, clock, log, fixture, sharedLimit } = deps
  const opened = await openStore(config, clock, {
    fixture,
    exclusive: sharedLimit === undefined,
    onChangedRow: (row) => log.error(row, 'A key was changed in the database and is now rejected.'),
  })
  opened.recorded.forEach(createAuditLog(log, config.auditLog))
  for (const warning of opened.imported ? warningsOf(opened.imported) : []) log.warn(warning)
  const closers = [opened.close]
  const stop = async () => {
    for (const close of closers.toReversed()) await close()
  }
  try {
    const isShared = config.publicUrl !== undefined || sharedLimit !== undefined
    const { store, storeUntil, watch, servers, caches } = followDatabase({ ...deps, ...opened, isShared })
    const reloading = { reload: async () => {} }
    closers.push(await watch(() => reloading.reload()))
    closers.push(await followPrimary(deps))
    // a clock that a test controls is not a server's
    if (clock === deps.processClock.clock) {
      closers.push(await keepLatestTime({ processClock: deps.processClock, store, log }))
    }
    const { keys, auditSealer } = opened
    const onRefused = (refused: object) => log.error(refused, 'A signing key cannot be used.')
    const keyRing = await openKeyRing({ clock, store, dataKeys: keys.ring, alg: config.signingAlg, onRefused })
    reloading.reload = keyRing.reload
    const { limit, clear } = await limitsOf(deps, opened, servers)
    const verified = createVerifiedSignatures()
    const services = createServices({ ...deps, ...opened, store, keyRing, limit, verified })
    closers.push(
      services.refusals.flush,
      services.refusalAuditor.flush,
      services.activity.flush,
      services.origins.flush,
    )
    const { logAudit } = services
    const upkeep = { ...deps, store, auditSealer, logAudit, dataKeys: keys.ring, keyRing, clearLimits: clear }
    closers.push(startDelivery({ ...deps, store, dataKeys: keys.ring, allowsLocal: config.localIssuers }))
    const stopMaintenance = startMaintenance(upkeep)
    closers.push(async () => stopMaintenance())
    if (deps.reportsExposures) await reportExposures(config, opened, log)
    const bind = bindOnce((deadline) => ({
      store: storeUntil(deadline),
      consume: (meters) => limit(meters, deadline),
    }))
    const execute = createExecute(services, bind)
    const sign = (typ: string, json: Iterable<string>) => signInTurns(keyRing.signingKey(), typ, json)
    const version = readVersion()
    const writeCutoff = (...cutoff: [accountId: string, notBefore: number]) =>
      writeFeedCutoff({ ...services, log }, ...cutoff)
    return {
      // PostgreSQL is watched, and the watch logs when it is back
      execute: opened.shared ? execute : logRecovery(execute, { log }),
      keyRing,
      signIntrospection: (...answer) => signIntrospection({ clock, issuer: deps.issuer, keyRing }, ...answer),
      readRevocations: createRevocationFeed({ clock, issuer: deps.issuer, keyRing, store, sign, writeCutoff }),
      reportLeaks: (matches) => handleReport({ ...services, log, action: config.secretScanningAction }, matches),
      isReachable: async () => keys.ring.status().isUsable && (await isReachable(store, opened.shared)),
      databaseDelay: opened.shared?.delay ?? (() => 0),
      state: () => ({
        version,
        database: opened.shared ? 'postgresql' : 'sqlite',
        pool: opened.shared?.pool(),
        caches: { ...caches(), verified_signatures: verified.counts() },
        signingKeys: keyRing.list(),
        dataKeys: keys.ring.status().keys,
      }),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

type Limit = (meters: readonly Meter[], deadline?: Deadline) => Promise<Allowance | undefined>

/** Calls that arrive together have the same deadline, so what is bound to the last one is kept. */
function bindOnce(bind: Bind): Bind {
  let last: { readonly deadline: Deadline; readonly bound: ReturnType<Bind> } | undefined
  return (deadline) => {
    if (last?.deadline !== deadline) last = { deadline, bound: bind(deadline) }
    return last.bound
  }
}

/** Follows the primary's time, as replicas follow the database's. */
async function followPrimary({ processClock, primaryTime, log }: Deps): Promise<() => Promise<void>> {
  if (!primaryTime) return async () => {}
  return followTime(processClock, primaryTime, (cause) =>
    log.warn({ cause }, 'The time of the primary could not be read.'),
  )
}

async function limitsOf(
  { clock, sharedLimit }: Deps,
  { shared }: OpenStore,
  servers: () => number,
): Promise<{ limit: Limit; clear: () => Promise<void> }> {
  const local = createSlidingWindow(clock)
  if (!shared) {
    const own: Services['consume'] = async (meters) => local.consume(meters)
    return { limit: sharedLimit ?? own, clear: async () => {} }
  }
  const { createSharedWindow } = await import('./limits/shared-window.js')
  const { consume, clear } = createSharedWindow({ clock, local, database: shared, servers })
  return { limit: consume, clear }
}

function createServices(
  deps: Pick<Deps, 'config' | 'clock' | 'issuer' | 'log' | 'metrics' | 'stopping'> & {
    readonly store: Store
    readonly keys: Services['keys']
    readonly auditSealer: Services['auditSealer']
    readonly keyRing: KeyRing
    readonly limit: Services['consume']
    readonly verified: VerifiedSignatures
  },
): Services {
  const { config, clock, store, keys, issuer, limit, verified } = deps
  const logAudit = createAuditLog(deps.log, config.auditLog)
  const sampler = createSlidingWindow(clock)
  const issuerKeys = openIssuerKeys(deps)
  const sample = (kind: string, perMinute: number) =>
    sampler.consume([{ key: kind, quota: { limit: perMinute, windowSeconds: 60 } }])?.allowed === true
  return {
    clock,
    store,
    keys,
    issuer,
    offersFaults: config.profile !== 'production',
    keyRing: deps.keyRing,
    widgetOrigins: new Set(config.widgetOrigins),
    sign(kind, claims, form) {
      const signed = signToken(deps, kind, claims, form)
      // only a backend's own system takes bridge tokens
      if (kind !== 'bridge') verified.add(signed.token)
      return signed
    },
    lifetime: (standardSeconds) => standardSeconds,
    pause: (milliseconds) => delay(milliseconds, undefined, { signal: deps.stopping }).catch(() => {}),
    verify: (kind, token, options) => verifyToken(deps, kind, token, options),
    explainToken: (kind, token) => explainToken(deps, kind, token),
    verifySubjectToken: (client, token, traceparent) =>
      verifySubjectToken({ ...deps, issuerKeys, traceparent }, client, token),
    allowsLocalIssuers: config.localIssuers,
    consume: limit,
    failureGate: createFailureGate(clock, config.failedCredentialsPerMinute),
    refusals: createRefusalLog({ ...deps, sample }),
    activity: countActivity(deps),
    origins: countOrigins(deps),
    metrics: deps.metrics,
    auditSealer: deps.auditSealer,
    logAudit,
    refusalAuditor: createRefusalAuditor({ ...deps, logAudit }),
  }
}

async function isReachable(store: Store, shared: OpenStore['shared']): Promise<boolean> {
  try {
    if (shared) await shared.requireUsable()
    else await store.ping()
    return true
  } catch {
    return false
  }
}
