import {
  accountRevocationsPath,
  type Ending,
  endingsOfSession,
  revocationName,
  revocationsPath,
  revocationText,
  type SessionNames,
  timeOfId,
} from '@hallpass/contracts/core'
import { acquireSession } from './acquire-session.js'
import type { Platform } from './platform.js'
import type { SessionController } from './session-controller.js'
import { currentOf } from './session-model.js'
import { tokenPayload } from './token-payload.js'

/**
 * Reads the service's revocation feed regularly, in one of the tabs: after one tab has read it, all wait again. The feed's
 * signature isn't verified, so if it names the session, the session is refreshed and the service's response decides.
 */
export function watchRevocations(controller: SessionController, seconds: number): () => void {
  const { platform, model } = controller
  let stop = () => {}
  controller.postponeFeedCheck = () => {
    stop()
    // jitter, so that one tab is first and can notify the others
    stop = platform.after(seconds * 1000 * (0.75 + platform.random() / 4), () => {
      controller.postponeFeedCheck()
      if (!currentOf(model())) return
      controller.tabs.tell({ type: 'feedChecked' })
      void checkFeed(controller)
    })
  }
  controller.postponeFeedCheck()
  return () => {
    stop()
    controller.postponeFeedCheck = () => {}
  }
}

async function checkFeed(controller: SessionController): Promise<void> {
  const { platform, options, model } = controller
  const timeout = new AbortController()
  const giveUp = platform.after(timeoutMilliseconds, () => timeout.abort())
  try {
    const base = options.baseUrl.replace(/\/$/, '')
    const fetchFeed = (path: string) => platform.fetch(base + path, { signal: timeout.signal })
    const { account_id } = tokenPayload(currentOf(model())?.answer.token ?? '') ?? {}
    const own = await fetchFeed(accountRevocationsPath(String(account_id)))
    // older services have one feed for all accounts
    const response = own.status === 404 ? await fetchFeed(revocationsPath) : own
    const feed = response.ok ? tokenPayload(await response.text()) : undefined
    const cached = currentOf(model())
    if (!feed || !cached || !(await isNamed(platform, feed, cached.answer.token))) return
    await acquireSession(controller, ({ answer }) => answer.token !== cached.answer.token)
  } catch {
    // the feed is read again later, and the state contains the result of the refresh
  } finally {
    giveUp()
  }
}

const timeoutMilliseconds = 5_000

/** The feed, whose signature isn't verified, so its contents aren't trusted. */
interface UnprovenFeed {
  readonly revoked?: Readonly<Record<string, unknown>>
  readonly cut_offs?: Readonly<Record<string, Readonly<Record<string, number>> | undefined>>
  readonly cut_off?: number
}

/** Whether the feed revokes the session of a token: it lists it, or has a cutoff that the session precedes. */
async function isNamed({ sha256 }: Platform, feed: UnprovenFeed, token: string): Promise<boolean> {
  // not verified either, but it only determines which names to look up
  const claims = tokenPayload(token) as unknown as SessionNames
  const endedAt = async ([what, ...id]: Ending) => {
    const name = revocationName(await sha256(revocationText(what, claims.account_id, ...id)))
    // concatenated names of 16 characters
    const isListed = String(feed.revoked?.[what]).match(/.{16}/g)?.includes(name)
    return isListed ? Infinity : feed.cut_offs?.[what]?.[name]
  }
  const ends = await Promise.all(endingsOfSession(claims).map(endedAt))
  return [...ends, feed.cut_off].some((end) => timeOfId(claims.sid) <= Number(end))
}
