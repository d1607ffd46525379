import type { Logger } from 'pino'
import type { ProcessClock } from './process-clock.js'
import type { Store } from './store/store.js'

const noteMilliseconds = 1_000

interface Deps {
  readonly processClock: Pick<ProcessClock, 'clock' | 'continueFrom' | 'lastUsed'>
  readonly store: Pick<Store, 'findLatestTime' | 'noteLatestTime'>
  readonly log: Pick<Logger, 'warn'>
}

/**
 * Continues from the latest time that a server used on this database, and notes the time every second. Without it, a cutoff made after a restart could miss tokens minted before, if the clock went back meanwhile.
 */
export async function keepLatestTime({ processClock, store, log }: Deps): Promise<() => Promise<void>> {
  processClock.continueFrom((await store.findLatestTime()) ?? 0)
  let isUnderWay = false
  const note = async () => {
    // a token may be minted right after a second in which nothing happened
    if (processClock.lastUsed() === 0 || isUnderWay) return
    isUnderWay = true
    try {
      await store.noteLatestTime(processClock.clock.now())
    } catch (cause) {
      log.warn({ cause }, 'noting the latest time failed')
    } finally {
      isUnderWay = false
    }
  }
  const timer = setInterval(note, noteMilliseconds).unref()
  return async () => {
    clearInterval(timer)
    await note()
  }
}
