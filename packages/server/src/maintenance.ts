import type { Logger } from 'pino'
import type { Clock } from './clock.js'
import { keptInAll, refusalMilliseconds } from './refusals/keep-refusals.js'
import type { KeyRing } from './signing/key-ring.js'
import type { Store } from './store/store.js'

const sweepMilliseconds = 60_000
/** How long a change that another process made to the signing keys may go unseen. */
const reloadMilliseconds = 1_000
const batchRows = 500
/** Expired rows stay this long, so that an expired token can still be told from an unknown one. */
const keptMilliseconds = 24 * 3_600_000

interface Needs {
  readonly clock: Clock
  readonly store: Pick<Store, 'sweepExpired' | 'trimAllRefusals'>
  readonly keyRing: Pick<KeyRing, 'reload' | 'maintain'>
  readonly log: Logger
  readonly clearLimits: () => Promise<void>
}

/** What a server does beside answering: sweeps expired rows, renews and reloads signing keys. Returns the way to stop it. */
export function startMaintenance(needs: Needs): () => void {
  const every = (milliseconds: number, what: string, task: () => Promise<void>) =>
    setInterval(() => {
      task().catch((cause: unknown) => needs.log.warn({ cause }, `${what} failed`))
    }, milliseconds).unref()
  const timers = [
    every(sweepMilliseconds, 'sweeping', () => sweep(needs)),
    every(sweepMilliseconds, 'forgetting of limits', needs.clearLimits),
    every(sweepMilliseconds, 'signing key maintenance', needs.keyRing.maintain),
    every(reloadMilliseconds, 'signing key reload', needs.keyRing.reload),
  ]
  return () => timers.forEach(clearInterval)
}

/** One round: batches until one finds nothing, with room for requests between them. */
async function sweep({ clock, store, log }: Pick<Needs, 'clock' | 'store' | 'log'>): Promise<void> {
  await store.trimAllRefusals(clock.now() - refusalMilliseconds, keptInAll)
  let swept = 0
  for (let batch = 1; batch > 0; swept += batch) {
    batch = await store.sweepExpired(clock.now() - keptMilliseconds, batchRows)
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (swept > 0) log.info({ rows: swept }, 'swept what had expired')
}
