import { setTimeout as delay } from 'node:timers/promises'
import { acme } from '../../system/support/fixtures/fixture.js'
import { bearer } from '../../system/support/servers/in-process-server.js'
import type { Client } from './client.js'

/** The responses to a flood. */
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

/** The id of a session that could have just begun. Sessions have no rows, so any such id can be revoked. */
export function newSessionId(now: number, number: number): string {
  const time = now.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`
}

/** The maximum number of calls in one request. */
const batchCalls = 20
/** Concurrent requests, each on a keep-alive connection. */
const lanes = 2
interface Result {
  readonly result?: { readonly data: { readonly feed_cutoff?: { readonly not_before: string } } }
  readonly error?: { readonly message: string; readonly data: { readonly reason: string } }
}

/**
 * Revokes sessions of Acme over HTTP, in batches and at a steady rate of calls per second, or slower if the server
 * can't keep up. A call that is postponed because the account has too many pending changes is retried. Rejects if a
 * call fails.
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

/** Calls per second that leave the server capacity for others. They revoke a session that has already ended. */
export async function findPace(target: Target): Promise<number> {
  const ended = newSessionId(Date.now(), 0)
  const perSecond = Number.POSITIVE_INFINITY
  const { calls, took } = await floodRevocations(target, { calls: 1_000, perSecond, idOf: () => ended })
  return Math.max(1, Math.floor((calls / took) * 1_000 * 0.3))
}
