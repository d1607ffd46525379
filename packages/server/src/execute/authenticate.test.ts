import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../store/failure.js'
import type { Account } from '../store/queries/accounts.js'
import { findAccountInScope, identifyBackend, requireScope } from './authenticate.js'
import type { RequestHeaders } from './call.js'
import type { Services } from './services.js'

const headersOf = (sent: Record<string, string>): RequestHeaders => ({
  get: (name) => sent[name],
  count: (name) => (name in sent ? 1 : 0),
})

describe('the last day a secret key was used', () => {
  const found = { apiKey: { id: 'key-1', lastUsedOn: '2026-11-20' }, account: { id: 'account-1' } }
  /** Authenticates at a time. Also returns the days that were noted. */
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
    // identifyBackend uses only these services
    const of = services as unknown as Services
    await identifyBackend(of, { headers: headersOf({ authorization: 'Bearer secret' }), caller: {} }, (check) =>
      check(),
    )
    return noted
  }

  test('is noted once a day', async () => {
    expect(await authenticate('2026-11-20')).toEqual(['2026-11-21'])
    expect(await authenticate(null)).toEqual(['2026-11-21'])
    expect(await authenticate('2026-11-21')).toEqual([])
  })

  test("isn't noted if the database can't be written, and the call still succeeds", async () => {
    expect(await authenticate(null, new StoreUnavailable('the disk is full'))).toEqual([])
    await expect(authenticate(null, new Error('a bug'))).rejects.toThrow('a bug')
  })
})

test('* means every scope except host, and every key has the scope any', () => {
  const allows = (scopes: readonly string[], scope: Parameters<typeof requireScope>[1]) => {
    try {
      // only the scopes matter
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

test('401 for a missing key, without a lookup, and for an unknown key', async () => {
  const store = { findApiKeyBySecret: async () => undefined }
  // identifyBackend uses only these services
  const services = { clock: { now: () => 0 }, keys: { apiKeyHash: Buffer.alloc(32) }, store } as unknown as Services
  const checked: string[] = []
  const identify = (name: string, sent: Record<string, string>) =>
    identifyBackend(services, { headers: headersOf(sent), caller: {} }, (check) => {
      checked.push(name)
      return check()
    })
  for (const [name, sent] of [
    ['missing', {}],
    ['unknown', { authorization: 'Bearer unknown' }],
  ] as const)
    await expect(identify(name, sent)).rejects.toMatchObject({ reason: 'unauthenticated' })
  expect(checked).toEqual(['unknown'])
})

describe('the account in scope', () => {
  const [own, child] = ['0f9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b', '1f9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b']
  /** The id of the account that a call acts for, and the ids that were looked up. */
  async function find(named?: string) {
    const lookedUp: string[] = []
    const findActingAccount = async (_: string, id: string) => {
      lookedUp.push(id)
      return id === child ? { id } : undefined
    }
    // findAccountInScope uses only this much of the services and the account
    const [services, account] = [{ store: { findActingAccount } } as unknown as Services, { id: own } as Account]
    const headers = headersOf(named === undefined ? {} : { 'straddle-account-id': named })
    return { id: (await findAccountInScope(services, account, headers)).id, lookedUp }
  }

  test("is the key's own unless the call names another", async () => {
    for (const named of [undefined, own, own.toUpperCase()])
      expect(await find(named)).toEqual({ id: own, lookedUp: [] })
    expect(await find(child)).toEqual({ id: child, lookedUp: [child] })
  })

  test("404 if it is neither the key's account nor a child of it", async () => {
    await expect(find('2f9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b')).rejects.toMatchObject({ reason: 'not_found' })
  })
})
