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
import { obtain } from './obtain-session.js'
import { currentOf, type Page } from './page.js'
import type { Platform } from './platform.js'
import { tokenPayload } from './token-payload.js'

/**
 * Looks into the service's revocation feed every so often, in one of the tabs: each waits anew when one has looked. The
 * feed is not believed: a session that it names is renewed at once, and the service's answer to that decides.
 */
export function watchRevocations(page: Page, seconds: number): () => void {
  const { platform } = page
  let stop = () => {}
  page.lookLater = () => {
    stop()
    // some sooner than others, so that the first can tell the rest
    stop = platform.after(seconds * 1000 * (0.75 + platform.random() / 4), () => {
      page.lookLater()
      if (!currentOf(page)) return
      page.tabs.tell({ type: 'looked' })
      void look(page)
    })
  }
  page.lookLater()
  return () => {
    stop()
    page.lookLater = () => {}
  }
}

async function look(page: Page): Promise<void> {
  const { platform, options } = page
  const patience = new AbortController()
  const giveUp = platform.after(patienceMilliseconds, () => patience.abort())
  try {
    const base = options.baseUrl.replace(/\/$/, '')
    const fetchFeed = (path: string) => platform.fetch(base + path, { signal: patience.signal })
    const { account_id } = tokenPayload(currentOf(page)?.answer.token ?? '') ?? {}
    const own = await fetchFeed(accountRevocationsPath(String(account_id)))
    // an older service has one feed for all accounts
    const response = own.status === 404 ? await fetchFeed(revocationsPath) : own
    const feed = response.ok ? tokenPayload(await response.text()) : undefined
    const held = currentOf(page)
    if (!feed || !held || !(await isNamed(platform, feed, held.answer.token))) return
    await obtain(page, ({ answer }) => answer.token !== held.answer.token)
  } catch {
    // a feed that cannot be read is read the next time; what came of the renewal is in the state
  } finally {
    giveUp()
  }
}

const patienceMilliseconds = 5_000

/** The feed as it came: its signature was not verified, so nothing is believed of it. */
interface UnprovenFeed {
  readonly revoked?: Readonly<Record<string, unknown>>
  readonly cut_offs?: Readonly<Record<string, Readonly<Record<string, number>> | undefined>>
  readonly cut_off?: number
}

/** Whether the feed names the session of a token, or something that it belongs to and began too early for. */
async function isNamed({ sha256 }: Platform, feed: UnprovenFeed, token: string): Promise<boolean> {
  // not verified either, but it only decides which names to look for
  const claims = tokenPayload(token) as unknown as SessionNames
  const endedAt = async ([what, ...id]: Ending) => {
    const name = revocationName(await sha256(revocationText(what, claims.account_id, ...id)))
    // names of 16 letters, one after the other
    const isListed = String(feed.revoked?.[what]).match(/.{16}/g)?.includes(name)
    return isListed ? Infinity : feed.cut_offs?.[what]?.[name]
  }
  const ends = await Promise.all(endingsOfSession(claims).map(endedAt))
  return [...ends, feed.cut_off].some((end) => timeOfId(claims.sid) <= Number(end))
}
