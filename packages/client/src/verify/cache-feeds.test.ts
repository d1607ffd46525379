import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cacheDocument } from './cache-document.js'
import { cacheFeeds } from './cache-feeds.js'
import type { KeySet } from './cache-key-set.js'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

test('16 requests dropped by the runtime do not block the feeds of other accounts', async () => {
  const asked: string[] = []
  const feedOf = cacheFeeds({
    baseUrl: 'https://pass.test',
    issuer: 'https://pass.test',
    // ignores its signal, as a dropped request does
    fetch: (url) => {
      asked.push(String(url))
      return new Promise(() => {})
    },
    keySet: cacheDocument<KeySet>(
      async () => new Map(),
      { fresh: 1e9, usable: 1e9, minRefetchInterval: 0 },
      { now: Date.now },
    ),
    now: Date.now,
    maxStalenessSeconds: 300,
  })
  const dropped = Array.from({ length: 16 }, (_, index) => feedOf(`account-${index}`).get())
  const waiting = feedOf('account-16').get()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toHaveLength(16)
  await vi.advanceTimersByTimeAsync(6_500)
  expect(await Promise.all([...dropped, waiting])).toEqual(Array.from({ length: 17 }))
  const next = feedOf('account-17').get()
  expect(asked.at(-1)).toContain('account-17')
  await vi.advanceTimersByTimeAsync(6_500)
  expect(await next).toBeUndefined()
})
