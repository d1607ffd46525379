import type { JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { cacheIssuerKeys } from './cache-issuer-keys.js'
import { KeysUnavailable } from './fetch-jwks.js'

const uri = 'https://login.example.com/keys'
const key = (kid: string): JWK => ({ kty: 'EC', kid })

/** Keys whose fetches end when a test says so. */
function setUp() {
  let now = 1_795_248_000_000
  const running: { uri: string; resolve: (keys: JWK[]) => void; reject: (error: Error) => void }[] = []
  const failures: string[] = []
  const keys = cacheIssuerKeys({
    clock: { now: () => now },
    fetch: (of) => new Promise((resolve, reject) => running.push({ uri: of, resolve, reject })),
    onFailure: ({ reason }) => failures.push(reason),
  })
  const find = (accountId = 'a', of = uri, kid: string | undefined = '1') =>
    keys.find(accountId, of, kid).then(
      () => 'found',
      ({ message }: Error) => message,
    )
  const advance = (milliseconds: number) => {
    now += milliseconds
  }
  return { find, running, failures, advance }
}

describe('the keys of an issuer', () => {
  test('are fetched once for calls at the same time, of which 100 wait', async () => {
    const { find, running } = setUp()
    const calls = Array.from({ length: 103 }, () => find())
    expect(running).toHaveLength(1)
    running[0]?.resolve([key('1')])
    const found = await Promise.all(calls)
    expect(found.filter((one) => one === 'found')).toHaveLength(100)
    expect(found.filter((one) => one === 'too many calls wait for the issuer')).toHaveLength(3)
  })

  test('are fetched from two URLs of an account at a time, and other accounts go on', async () => {
    const { find, running } = setUp()
    const slow = [find('a', '1'), find('a', '2')]
    expect(await find('a', '3')).toBe('too many issuers are being asked')
    const other = find('b', '1')
    expect(running.map(({ uri }) => uri)).toEqual(['1', '2', '1'])
    running[2]?.resolve([key('1')])
    expect(await other).toBe('found')
    for (const { reject } of running) reject(new KeysUnavailable('slow'))
    expect(await Promise.all(slow)).toEqual(['slow', 'slow'])
  })

  test('are fetched by at most 64 accounts at a time', async () => {
    const { find, running } = setUp()
    const all = Array.from({ length: 64 }, (_, i) => find(`account ${i}`))
    expect(await find('one more')).toBe('too many issuers are being asked')
    for (const { resolve } of running) resolve([key('1')])
    expect(new Set(await Promise.all(all))).toEqual(new Set(['found']))
  })

  test('are used while they are renewed in vain, for an hour', async () => {
    const { find, running, failures, advance } = setUp()
    const first = find()
    running[0]?.resolve([key('1')])
    expect(await first).toBe('found')
    advance(10 * 60_000)
    const during = find()
    running[1]?.reject(new KeysUnavailable('down'))
    expect(await during).toBe('found')
    // not again for 10 seconds
    expect(await find()).toBe('found')
    expect(running).toHaveLength(2)
    expect(await find('a', uri, '2')).toBe('down')
    expect(failures).toEqual(['down'])
    advance(50 * 60_000)
    const last = find()
    running[2]?.reject(new Error('anything'))
    expect(await last).toBe('the keys are unusable')
  })
})
