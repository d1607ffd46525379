import { setTimeout as delay } from 'node:timers/promises'
import { acme } from '../../system/support/fixtures/fixture.js'
import { bearer } from '../../system/support/servers/in-process-server.js'
import type { Client } from './client.js'

/** What a flood was answered. */
export interface Flooded {
  readonly calls: number
  /** Milliseconds. */
  readonly took: number
  /** The not-before times of the cutoffs that the server wrote because the feed was full. */
  readonly cutoffs: readonly string[]
}

interface Target {
  readonly client: Client
  readonly url: string
}

/** A session that could have begun now; sessions have no rows, so any id of this kind can be revoked. */
export function newSessionId(now: number, number: number): string {
  const time = now.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`
}

/** The most calls that one request may carry. */
const batchCalls = 20
/** Requests under way at a time, each on a kept-alive connection. */
const lanes = 2
interface Result {
  readonly result?: { readonly data: { readonly feed_cutoff?: { readonly not_before: string } } }
  readonly error?: { readonly message: string; readonly data: { readonly reason: string } }
}

/**
 * Revokes sessions of Acme over HTTP, in batches, at a steady pace: so many calls a second, or fewer where the server
 * can't. A call that the server puts off, as the account has too many changes under way, is made again. Rejects if one
 * fails.
 */
export async function floodRevocations(
  target: Target,
  { calls, perSecond, idOf }: { calls: number; perSecond: number; idOf: (index: number) => string },
): Promise<Flooded> {
  const began = performance.now()
  const cutoffs: string[] = []
  let next = 0
  const lane = async () => {
    for (let start = next; start < calls; start = next) {
      next += batchCalls
      const early = (start / perSecond) * 1000 - (performance.now() - began)
      if (early > 0) await delay(early)
      const ids = Array.from({ length: batchCalls }, (_, index) => idOf(start + index))
      cutoffs.push(...(await revokeAll(target, ids)))
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return { calls: next, took: performance.now() - began, cutoffs }
}

/** Returns the cutoffs that were written because the feed was full. */
async function revokeAll({ client, url }: Target, ids: readonly string[]): Promise<string[]> {
  const body = Object.fromEntries(ids.map((session_id, index) => [index, { session_id }]))
  const { text, failure } = await client.send(url + pathOf(ids.length), { headers: bearer(acme.key), body })
  if (failure) throw new Error(`a batch of revocations: ${failure}`)
  const results = JSON.parse(text) as Result[]
  const failed = results.find(({ error }) => error && error.data.reason !== 'unavailable')?.error
  if (failed) throw new Error(`a revocation: ${failed.message}`)
  const cutoffs = results.flatMap(({ result }) => result?.data.feed_cutoff?.not_before ?? [])
  const postponed = ids.filter((_, index) => results[index]?.error)
  if (postponed.length === 0) return cutoffs
  await delay(500)
  return [...cutoffs, ...(await revokeAll({ client, url }, postponed))]
}

const pathOf = (calls: number) => `/trpc/${Array(calls).fill('admin.sessions.revoke').join(',')}?batch=1`

/** Calls a second that leave a server room for others: of a session that has ended already, which revoke nothing. */
export async function findPace(target: Target): Promise<number> {
  const ended = newSessionId(Date.now(), 0)
  const perSecond = Number.POSITIVE_INFINITY
  const { calls, took } = await floodRevocations(target, { calls: 1_000, perSecond, idOf: () => ended })
  return Math.max(1, Math.floor((calls / took) * 1_000 * 0.3))
}
