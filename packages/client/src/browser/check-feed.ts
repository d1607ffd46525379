import {
  accountRevocationsPath,
  type Ending,
  endingsOfSession,
  revocationName,
  revocationsPath,
  revocationText,
  type SessionNames,
} from '@hallpass/contracts/core/revocation-names'
import { timeOfId } from '@hallpass/contracts/core/time-of-id'
import type { acquireSession } from './acquire-session.js'
import type { SessionController } from './session-controller.js'
import { tokenPayload } from './token-payload.js'

/**
 * Reads the revocation feed once. Its signature isn't verified, so if it names the session, the session is refreshed and the
 * service's response decides.
 */
export async function checkFeed(controller: SessionController, acquire: typeof acquireSession): Promise<void> {
  const token = controller.current?.answer.token
  if (token === undefined) return
  controller.tabs.tell({ type: 'feedChecked' })
  if (await isNamedInFeed(controller, token)) await acquire(controller, ({ answer }) => answer.token !== token)
}

async function isNamedInFeed({ platform, options }: SessionController, token: string): Promise<boolean> {
  const timeout = new AbortController()
  const giveUp = platform.after(timeoutMilliseconds, () => timeout.abort())
  try {
    const fetchFeed = (path: string) =>
      platform.fetch(options.baseUrl.replace(/\/$/, '') + path, { signal: timeout.signal })
    const { account_id } = tokenPayload(token) ?? {}
    const own = await fetchFeed(accountRevocationsPath(String(account_id)))
    // older services have one feed for all accounts
    const response = own.status === 404 ? await fetchFeed(revocationsPath) : own
    const feed = response.ok ? tokenPayload(await response.text()) : undefined
    return feed !== undefined && isNamed(platform, feed, token)
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
async function isNamed(
  { sha256 = digest }: SessionController['platform'],
  feed: UnprovenFeed,
  token: string,
): Promise<boolean> {
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

const digest = async (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
