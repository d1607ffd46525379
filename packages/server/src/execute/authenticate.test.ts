import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../store/failure.js'
import { identifyBackend, requireScope } from './authenticate.js'
import type { RequestHeaders } from './call.js'
import type { Services } from './services.js'

const headersOf = (sent: Record<string, string>): RequestHeaders => ({
  get: (name) => sent[name],
  count: (name) => (name in sent ? 1 : 0),
})

describe('the day a secret key was used', () => {
  const found = { apiKey: { id: 'key-1', lastUsedOn: '2026-11-20' }, account: { id: 'account-1' } }
  /** Authenticates at a time; also the days that were noted. */
  async function authenticate(lastUsedOn: string | null, failure?: Error) {
    const noted: string[] = []
    const services = {
      clock: { now: () => Date.parse('2026-11-21T08:00:00.000Z') },
      keys: { apiKeyHash: Buffer.alloc(32) },
      store: {
        findApiKeyBySecret: async () => ({ ...found, apiKey: { ...found.apiKey, lastUsedOn } }),
        noteApiKeyUse: async (_: string, __: string, day: string) => {
          if (failure) throw failure
          noted.push(day)
        },
      },
    }
    // it uses no more of the services
    const of = services as unknown as Services
    await identifyBackend(of, headersOf({ authorization: 'Bearer secret' }), (check) => check())
    return noted
  }

  test('is noted once a day', async () => {
    expect(await authenticate('2026-11-20')).toEqual(['2026-11-21'])
    expect(await authenticate(null)).toEqual(['2026-11-21'])
    expect(await authenticate('2026-11-21')).toEqual([])
  })

  test('is lost, and the call is answered, when the database cannot be written', async () => {
    expect(await authenticate(null, new StoreUnavailable('the disk is full'))).toEqual([])
    await expect(authenticate(null, new Error('a bug'))).rejects.toThrow('a bug')
  })
})

test('* is every scope but host, and any key has the scope any', () => {
  const allows = (scopes: readonly string[], scope: Parameters<typeof requireScope>[1]) => {
    try {
      // only the scopes count
      requireScope({ apiKey: { scopes } } as unknown as Parameters<typeof requireScope>[0], scope)
      return true
    } catch {
      return false
    }
  }
  expect(['admin', 'host', 'any'].map((scope) => allows(['*'], scope as 'admin'))).toEqual([true, false, true])
  expect(['admin', 'host', 'any'].map((scope) => allows(['host'], scope as 'admin'))).toEqual([false, true, true])
  expect(allows([], 'any')).toBe(true)
})
