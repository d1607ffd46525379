import type { Logger } from 'pino'
import type { ProcessClock } from './process-clock.js'
import type { Store } from './store/store.js'

const noteMilliseconds = 1_000

interface Deps {
  readonly processClock: Pick<ProcessClock, 'clock' | 'continueFrom' | 'join' | 'lastUsed' | 'findJump' | 'takeOver'>
  readonly store: Pick<Store, 'findLatestTime' | 'findLiveTime' | 'noteLatestTime'>
  readonly log: Pick<Logger, 'warn'>
}

/**
 * Starts at the time of the servers that run on this database. If none runs, starts no earlier than the latest time
 * that one used. Then notes the time every second. Without it, a cutoff could miss tokens minted before a restart or by
 * another server. A jump is noted before it is made, so that cutoffs of servers that don't know it yet cover what is
 * minted after it.
 */
export async function keepLatestTime({ processClock, store, log }: Deps): Promise<() => Promise<void>> {
  const live = await store.findLiveTime()
  if (live === undefined) processClock.continueFrom((await store.findLatestTime()) ?? 0)
  else processClock.join(live)
  let isUnderWay = false
  const note = async () => {
    const jump = processClock.findJump()
    // a token can be minted right after a second without any call
    if ((jump === undefined && processClock.lastUsed() === 0) || isUnderWay) return
    isUnderWay = true
    try {
      if (jump === undefined) return await store.noteLatestTime(processClock.clock.now())
      await store.noteLatestTime(jump, { isJump: true })
      processClock.takeOver()
    } catch (cause) {
      log.warn({ cause }, 'The latest time could not be noted.')
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
