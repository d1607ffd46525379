import type { Logger } from 'pino'
import type { Clock } from './clock.js'
import type { Store } from './store/store.js'

const intervalMilliseconds = 60_000
const batchRows = 500
/** Expired rows stay this long, so that an expired token can still be told from an unknown one. */
const keptMilliseconds = 24 * 3_600_000

/** Removes expired rows now and then, a small batch at a time. Returns the way to stop it. */
export function startSweeper(needs: { clock: Clock; store: Pick<Store, 'sweepExpired'>; log: Logger }): () => void {
  const timer = setInterval(() => {
    sweep(needs).catch((cause: unknown) => needs.log.warn({ cause }, 'expired rows could not be swept'))
  }, intervalMilliseconds)
  timer.unref()
  return () => clearInterval(timer)
}

/** One round: batches until one finds nothing, with room for requests between them. */
export async function sweep({ clock, store }: { clock: Clock; store: Pick<Store, 'sweepExpired'> }): Promise<void> {
  while ((await store.sweepExpired(clock.now() - keptMilliseconds, batchRows)) > 0) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}
