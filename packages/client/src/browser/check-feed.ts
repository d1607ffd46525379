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
import type { Platform } from './platform.js'
import { tokenPayload } from './token-payload.js'

interface Deps {
  readonly platform: Pick<Platform, 'fetch' | 'after' | 'sha256'>
  readonly baseUrl: string
}

/** Reads the revocation feed once. Resolves to whether it names the session of a token. */
export async function isNamedInFeed({ platform, baseUrl }: Deps, token: string): Promise<boolean> {
  const timeout = new AbortController()
  const giveUp = platform.after(timeoutMilliseconds, () => timeout.abort())
  try {
    const fetchFeed = (path: string) => platform.fetch(baseUrl.replace(/\/$/, '') + path, { signal: timeout.signal })
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
async function isNamed({ sha256 }: Pick<Platform, 'sha256'>, feed: UnprovenFeed, token: string): Promise<boolean> {
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
