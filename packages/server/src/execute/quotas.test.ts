import { operations } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import type { Account } from '../store/queries/accounts.js'
import type { ApiKey } from '../store/queries/api-keys.js'
import { clientKeyMeters, requireAllowance, secretKeyMeters } from './quotas.js'

const apiKey = { id: 'key-1' } as ApiKey // only its id counts
const accountOf = (requestsPerSecond: number, requestsPerSecondPerKey: number) =>
  ({ id: 'account-1', requestsPerSecond, requestsPerSecondPerKey }) as Account // only its limits count

describe('the limits of a call with a secret key', () => {
  const ofAccount = (limit: number) => ({ key: 'acct account-1', quota: { limit, windowSeconds: 1, of: 'account' } })
  const ofKey = (limit: number) => ({ key: 'sk key-1', quota: { limit, windowSeconds: 1, of: 'secret_key' } })

  test.each([
    ['both limits', accountOf(10, 4), [ofAccount(10), ofKey(4)]],
    ['the account only, if the limit of the key is equal', accountOf(10, 10), [ofAccount(10)]],
    ['the account only, if the limit of the key is higher', accountOf(10, 11), [ofAccount(10)]],
    ['the account only, if the key has no limit', accountOf(10, 0), [ofAccount(10)]],
    ['the key only, if the account has no limit', accountOf(0, 4), [ofKey(4)]],
    ['nothing without limits', accountOf(0, 0), []],
  ])('is %s', (_, account, meters) => {
    expect(secretKeyMeters(apiKey, account)).toEqual(meters)
  })
})

describe('the limits of a call with a client key', () => {
  const key = { id: 'key-1', guestPerMinute: 3, guestPerMinuteTotal: 20 }
  type Id = 'visitor.guest' | 'visitor.embedTicket' | 'visitor.refresh' | 'visitor.exchange' | 'visitor.config'
  const limitsOf = (...[id, of = key, address = '192.0.2.1']: [Id, typeof key?, string?]) =>
    clientKeyMeters(operations[id], of, address).map(({ quota }) => [quota.of, quota.limit])

  test('are per address and over all addresses, for each operation separately', () => {
    expect(clientKeyMeters(operations['visitor.guest'], key, '192.0.2.1')).toEqual([
      { key: 'pk key-1 visitor.guest 192.0.2.1', quota: { limit: 3, windowSeconds: 60, of: 'address' } },
      { key: 'pk key-1 visitor.guest *', quota: { limit: 20, windowSeconds: 60, of: 'client_key' } },
    ])
  })

  test('are ten times as high if nothing new is issued', () => {
    for (const id of ['visitor.guest', 'visitor.embedTicket'] as const)
      expect(limitsOf(id)).toEqual([
        ['address', 3],
        ['client_key', 20],
      ])
    for (const id of ['visitor.refresh', 'visitor.exchange', 'visitor.config'] as const)
      expect(limitsOf(id)).toEqual([
        ['address', 30],
        ['client_key', 200],
      ])
  })

  test('over all addresses are 100 times those of one address by default, and 0 means no limit', () => {
    const guest = 'visitor.guest' as const
    expect(limitsOf(guest, { ...key, guestPerMinuteTotal: undefined as never })).toContainEqual(['client_key', 300])
    expect(limitsOf(guest, { ...key, guestPerMinuteTotal: 0 })).toEqual([['address', 3]])
    expect(limitsOf(guest, { ...key, guestPerMinute: 0 })).toEqual([['client_key', 20]])
  })

  test('are shared by all unknown keys', () => {
    const [one, ...others] = clientKeyMeters(operations['visitor.guest'], undefined, '192.0.2.1')
    expect(one?.key).toBe('pk - visitor.guest 192.0.2.1')
    expect(others).toHaveLength(1)
  })
})

test('a call passes unless a limit stops it', () => {
  const quota = { limit: 1, windowSeconds: 60 }
  requireAllowance(undefined)
  requireAllowance({ allowed: true, quota, remaining: 0, resetSeconds: 9 })
  const refused = () => requireAllowance({ allowed: false, quota, remaining: 0, resetSeconds: 9 })
  expect(refused).toThrow(expect.objectContaining({ reason: 'rate_limited' }))
})
