import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose'
import type { Clock } from '../clock.js'
import { touchLru } from '../limits/touch-lru.js'
import { KeysUnavailable } from './fetch-jwks.js'

/** A removed key stops being accepted after this time. */
const freshMilliseconds = 10 * 60_000
/** During an outage of the issuer, its last keys are used this long. */
const keptMilliseconds = 60 * 60_000
/** Anyone can name an unknown key, and an issuer can be down, so it isn't asked more often than this. */
const pauseMilliseconds = 10_000
const maxEntries = 1_000
/** Calls that wait for one issuer. More are refused at once. */
const maxWaiting = 100
/** Fetches at a time, for one account and for the server. */
const maxPerAccount = 2
const maxFetches = 64

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  readonly fetch: (uri: string, traceparent: string | undefined) => Promise<JWK[]>
  readonly onFailure?: (failure: { readonly uri: string; readonly accountId: string; readonly reason: string }) => void
}

/** The keys of an issuer that names a URL. */
export interface IssuerKeys {
  /** Throws {@link KeysUnavailable} if they can't be had, or the key is unknown while they can't be renewed. */
  readonly find: (
    accountId: string,
    uri: string,
    kid: string | undefined,
    traceparent?: string,
  ) => Promise<JWTVerifyGetKey>
}

interface Entry {
  keys:
    | { readonly kids: ReadonlySet<string | undefined>; readonly set: JWTVerifyGetKey; readonly at: number }
    | undefined
  triedAt: number
  failure: string | undefined
  running: Promise<void> | undefined
  waiting: number
}

/** Each account has its own entries, so that a slow or broken issuer costs nothing but its own account's calls. */
export function cacheIssuerKeys(deps: Deps): IssuerKeys {
  const { clock } = deps
  const entries = new Map<string, Entry>()
  const fetches = new Map<string, number>()
  const entryOf = (name: string): Entry => {
    const entry = entries.get(name) ?? emptyEntry()
    touchLru(entries, name, entry, maxEntries)
    return entry
  }
  const renew = async (entry: Entry, accountId: string, uri: string, traceparent: string | undefined) => {
    entry.triedAt = clock.now()
    fetches.set(accountId, (fetches.get(accountId) ?? 0) + 1)
    try {
      const keys = await deps.fetch(uri, traceparent)
      entry.keys = { kids: new Set(keys.map(({ kid }) => kid)), set: createLocalJWKSet({ keys }), at: entry.triedAt }
      entry.failure = undefined
    } catch (error) {
      entry.failure = error instanceof KeysUnavailable ? error.message : 'the keys are unusable'
      deps.onFailure?.({ uri, accountId, reason: entry.failure })
    } finally {
      entry.running = undefined
      const left = (fetches.get(accountId) ?? 1) - 1
      if (left === 0) fetches.delete(accountId)
      else fetches.set(accountId, left)
    }
  }
  const hasRoom = (accountId: string) =>
    (fetches.get(accountId) ?? 0) < maxPerAccount &&
    [...fetches.values()].reduce((sum, count) => sum + count, 0) < maxFetches

  return {
    async find(accountId, uri, kid, traceparent) {
      const entry = entryOf(`${accountId} ${uri}`)
      const isKnown = () => entry.keys !== undefined && (kid === undefined || entry.keys.kids.has(kid))
      const age = () => clock.now() - (entry.keys?.at ?? Number.NEGATIVE_INFINITY)
      const isDue = !isKnown() || age() >= freshMilliseconds
      if (isDue && !entry.running && isPast(entry.triedAt + pauseMilliseconds, clock.now())) {
        if (hasRoom(accountId)) entry.running = renew(entry, accountId, uri, traceparent)
        else if (!isKnown()) throw new KeysUnavailable('too many issuers are being asked')
      }
      if (isDue && entry.running) {
        if (entry.waiting >= maxWaiting) throw new KeysUnavailable('too many calls wait for the issuer')
        entry.waiting++
        await entry.running.finally(() => entry.waiting--)
      }
      if (entry.keys && age() < keptMilliseconds && (isKnown() || entry.failure === undefined)) return entry.keys.set
      throw new KeysUnavailable(entry.failure ?? 'the keys are too old')
    },
  }
}

const emptyEntry = (): Entry => ({
  keys: undefined,
  triedAt: Number.NEGATIVE_INFINITY,
  failure: undefined,
  running: undefined,
  waiting: 0,
})

/** If the clock went back, a time in the future doesn't delay anything. */
const isPast = (time: number, now: number) => time <= now || time - now > pauseMilliseconds
