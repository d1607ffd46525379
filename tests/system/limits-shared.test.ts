import type { FixtureAccount } from '@hallpass/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { changeAccount } from './support/fixtures/change-account.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { cardPath, mintGuest, paths } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'

const perSecond = 10
const perKey = 4
const guestsPerAddress = 2
const guestsInAll = 5
const keys = Array.from({ length: 5 }, (_, index) => `sk_test_one_of_five_${index}`)

let server: TestServer
beforeAll(async () => {
  server = await startServer({
    config: { trustProxy: 1 },
    fixture: changeAccount(acme.account, ({ api_keys, client_keys }) => ({
      rate_limit: { requests_per_second: perSecond, requests_per_second_per_key: perKey },
      api_keys: [...api_keys, ...keys.map((secret) => ({ name: secret, secret, scopes: ['*' as const] }))],
      client_keys: client_keys.map(limitOf),
    })),
  })
})
beforeEach(() => server.clock.advance(10 * 60_000))
afterAll(() => server.stop())

function limitOf(key: FixtureAccount['client_keys'][number]): FixtureAccount['client_keys'][number] {
  if (key.client_key === acme.limited) {
    return { ...key, rate_limit: { guest_per_minute: guestsPerAddress, guest_per_minute_total: guestsInAll } }
  }
  // the default total is 100 times this
  return key.client_key === acme.guestOnly ? { ...key, rate_limit: { guest_per_minute: 1 } } : key
}

const card = (secret: string, headers: object = {}) =>
  server.get(cardPath(acme.activeCard, 'REVEAL'), { ...bearer(secret), ...headers })
const guestFrom = (address: string, client_key: string = acme.limited) =>
  server.postFromShop(paths.guest, { client_key }, { 'X-Forwarded-For': address })

async function statusesOf<T>(each: readonly T[], send: (item: T) => Promise<Response>): Promise<number[]> {
  const statuses: number[] = []
  for (const item of each) statuses.push((await send(item)).status)
  return statuses
}

const passed = (statuses: readonly number[]) => statuses.filter((status) => status === 200).length
const repeat = <T>(items: readonly T[], times: number): T[] => Array.from({ length: times }, () => items).flat()

describe('the limit of an account', () => {
  test('applies once to five keys that take turns', async () => {
    const statuses = await statusesOf(repeat(keys, 4), card)
    expect(statuses).toEqual([...Array(perSecond).fill(200), ...Array(10).fill(429)])
  })

  test('applies once to five keys that call concurrently', async () => {
    const responses = await Promise.all(repeat(keys, 8).map((key) => card(key)))
    expect(passed(responses.map(({ status }) => status))).toBe(perSecond)
  })

  test('one key stays within its own limit and leaves the rest to the others', async () => {
    const [first = '', ...others] = keys
    expect(await statusesOf(repeat([first], 30), card)).toEqual([...Array(perKey).fill(200), ...Array(26).fill(429)])
    const refused = await card(first)
    expect(refused.headers.get('ratelimit-policy')).toBe(`"default";q=${perKey};w=1`)
    // calls that the key's limit rejected did not count toward the account
    expect(passed(await statusesOf(repeat(others, 3), card))).toBe(perSecond - perKey)
  })

  test('a key that acts for a child account counts toward its own account', async () => {
    const bridge = (secret: string) =>
      server.post(
        paths.bridge,
        { customer_id: child.customer },
        { ...bearer(secret), 'Straddle-Account-Id': child.account },
      )
    expect(passed(await statusesOf(repeat(keys, 2), bridge))).toBe(perSecond)
    expect(await statusesOf(keys, card)).toEqual(Array(5).fill(429))
  })

  test('a flood of one account does not affect another', async () => {
    await statusesOf(repeat(keys, 10), card)
    const response = await server.get(cardPath(rival.card, 'REVEAL'), bearer(rival.key))
    expect(response.status).toBe(200)
  })
})

describe('the limit of a client key across all addresses', () => {
  const addresses = Array.from({ length: 12 }, (_, index) => `198.51.100.${index}`)

  test('limits the guests of many addresses, and the response says so', async () => {
    expect(await statusesOf(addresses, guestFrom)).toEqual([...Array(guestsInAll).fill(200), ...Array(7).fill(429)])
    const refused = await guestFrom('192.0.2.200')
    expect(refused.headers.get('ratelimit-policy')).toBe(`"default";q=${guestsInAll};w=60`)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('existing sessions continue, and another client key is unaffected', async () => {
    const { refresh_token } = await mintGuest(server)
    await statusesOf(addresses, guestFrom)
    const config = `${paths.config}?client_key=${acme.limited}`
    expect((await server.get(config, { Origin: acme.origin })).status).toBe(200)
    expect((await server.postFromShop(paths.refresh, { refresh_token })).status).toBe(200)
    expect((await guestFrom('192.0.2.1', acme.clientKey)).status).toBe(200)
  })

  test('a call rejected for its address does not count toward the client key', async () => {
    expect(passed(await statusesOf(repeat(['192.0.2.1'], 30), guestFrom))).toBe(guestsPerAddress)
    expect(passed(await statusesOf(addresses, guestFrom))).toBe(guestsInAll - guestsPerAddress)
  })
})

describe('IPv6 addresses of one network', () => {
  const guest = (address: string) => guestFrom(address, acme.guestOnly)

  test('a /48 passes 16 times the limit of one address, a /56 4 times', async () => {
    const subnets = Array.from({ length: 400 }, (_, index) => `2001:db8:1:${(index * 163).toString(16)}::1`)
    expect(passed((await Promise.all(subnets.map(guest))).map(({ status }) => status))).toBe(16)
    const within56 = Array.from({ length: 256 }, (_, index) => `2001:db8:2:${(0x4200 + index).toString(16)}::1`)
    expect(passed((await Promise.all(within56.map(guest))).map(({ status }) => status))).toBe(4)
    // the rest of that /48 and every other one have their own limit
    expect(await statusesOf(['2001:db8:2:4300::1', '2001:db8:3::1'], guest)).toEqual([200, 200])
  })
})
