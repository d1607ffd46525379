import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Clock } from './clock.js'
import type { OwnDataKeyRing } from './crypto/data-key-ring.js'
import { auditChange } from './execute/audit-change.js'
import { closeObservations } from './execute/close-observations.js'
import type { LogAudit } from './execute/log-audit.js'
import { keptInAll, refusalMilliseconds } from './refusals/refusal-log.js'
import type { KeyRing } from './signing/key-ring.js'
import { maintainDataKeys } from './signing/rotate-data-key.js'
import type { AuditSealer } from './store/queries/audit-chain.js'
import type { Store } from './store/store.js'

const sweepMilliseconds = 60_000
/** How long a server may miss another process's change of signing keys or data keys. */
const reloadMilliseconds = 1_000
/** How long offline verifiers may accept the sessions of an observe mode whose time is over. */
const observationMilliseconds = 5_000
/**
 * The sweep works in small steps with pauses, so that requests hardly wait for it. Steps grow while there is much to
 * remove and they are quick. Always of the smallest size, they removed fewer rows a second than a busy server adds.
 */
const leastBatchRows = 100
const mostBatchRows = 800
const quickMilliseconds = 20
const slowMilliseconds = 40
const leastRestMilliseconds = 20
/** A pause is this many times as long as its batch took, so a busy database gets longer pauses. */
const restFactor = 4
/** Expired rows are kept this long, so that an expired token can be distinguished from an unknown one. */
const keptMilliseconds = 24 * 3_600_000
/** Dead webhook deliveries are kept for a day longer than this. */
const deadWebhookMilliseconds = 29 * 24 * 3_600_000

interface Deps {
  readonly clock: Clock
  readonly store: Store
  readonly auditSealer: AuditSealer
  readonly logAudit: LogAudit
  readonly dataKeys: OwnDataKeyRing
  readonly keyRing: Pick<KeyRing, 'reload' | 'maintain'>
  readonly log: Logger
  readonly metrics: { readonly countDeadWebhooks: (count: number) => void }
  readonly clearLimits: () => Promise<void>
}

/**
 * The background work of a server: sweeps expired rows, and renews and reloads signing keys and data keys. Returns a
 * function that stops it.
 */
export function startMaintenance(deps: Deps): () => void {
  const stopping = new AbortController()
  const every = (milliseconds: number, what: string, task: () => Promise<void>) => {
    let isUnderWay = false
    const run = async () => {
      // a task that takes longer than its interval doesn't run twice at a time
      if (isUnderWay) return
      isUnderWay = true
      await task().catch((cause: unknown) => deps.log.warn({ cause }, `${what} failed.`))
      isUnderWay = false
    }
    return setInterval(run, milliseconds).unref()
  }
  const timers = [
    every(sweepMilliseconds, 'sweeping', () => sweep(deps, stopping.signal)),
    every(sweepMilliseconds, 'Clearing limits', deps.clearLimits),
    every(sweepMilliseconds, 'Maintenance of signing keys', deps.keyRing.maintain),
    every(sweepMilliseconds, 'Maintenance of data keys', () => maintainAndRecord(deps)),
    every(reloadMilliseconds, 'Reloading keys', deps.keyRing.reload),
    every(observationMilliseconds, 'Ending observe mode', () => closeObservations(deps)),
  ]
  return () => {
    stopping.abort()
    timers.forEach(clearInterval)
  }
}

/** Automatic changes of the data keys are part of the server's history. */
async function maintainAndRecord(deps: Deps): Promise<void> {
  const { made, forgotten } = await maintainDataKeys(deps)
  if (made === undefined && forgotten === undefined) return
  const input = { ...(made === undefined ? {} : { data_key: made }), ...(forgotten ? { forgotten } : {}) }
  const change = { operation: { id: 'dataKey.maintain' }, by: null, accountId: null, input, value: {} } as const
  deps.logAudit(await deps.store.transaction((store) => auditChange({ ...deps, store }, change)))
}

/** One round: deletes batches until there is nothing left to delete. */
async function sweep(deps: Pick<Deps, 'clock' | 'store' | 'auditSealer' | 'log' | 'metrics'>, stopping: AbortSignal) {
  const { clock, store, log, metrics } = deps
  await store.trimAllRefusals(clock.now() - refusalMilliseconds, keptInAll)
  const before = () => clock.now() - keptMilliseconds
  let swept = await sweepInBatches((rows) => store.sweepExpired(before(), rows), stopping)
  swept += await sweepInBatches((rows) => store.removeUnchained(before(), rows), stopping)
  const expiry = { expiresAt: clock.now() + deadWebhookMilliseconds }
  const dead = await sweepInBatches(
    (limit) => store.expirePendingDeliveries(clock.now(), { ...expiry, limit }),
    stopping,
  )
  if (dead > 0) metrics.countDeadWebhooks(dead)
  swept += await sweepInBatches((rows) => store.sweepDeletedEndpoints(rows), stopping)
  swept += await sweepAudit(deps, before, stopping)
  if (swept > 0) log.info({ rows: swept }, 'Expired rows were removed.')
}

/** One chain at a time, each in its own transactions, so that a change waits only for the chain of its own account. */
async function sweepAudit(
  { store, auditSealer }: Pick<Deps, 'store' | 'auditSealer'>,
  before: () => number,
  stopping: AbortSignal,
): Promise<number> {
  let swept = 0
  for (let after: string | undefined; !stopping.aborted; ) {
    const accounts = await store.findExpiredChains(before(), after, leastBatchRows)
    for (const accountId of accounts) {
      const remove = (batch: number) =>
        store.transaction((tx) => tx.removeExpiredEntries(auditSealer, accountId, { before: before(), batch }))
      swept += await sweepInBatches(remove, stopping)
    }
    const last = accounts.at(-1)
    if (last === undefined) break
    after = last ?? ''
  }
  return swept
}

async function sweepInBatches(sweepBatch: (rows: number) => Promise<number>, stopping: AbortSignal): Promise<number> {
  let swept = 0
  let rows = leastBatchRows
  while (!stopping.aborted) {
    const began = performance.now()
    const batch = await sweepBatch(rows)
    if (batch === 0) break
    swept += batch
    const took = performance.now() - began
    if (took < quickMilliseconds && batch >= rows) rows = Math.min(rows * 2, mostBatchRows)
    if (took > slowMilliseconds) rows = Math.max(rows / 2, leastBatchRows)
    await delay(Math.max(took * restFactor, leastRestMilliseconds), undefined, { ref: false })
  }
  return swept
}
