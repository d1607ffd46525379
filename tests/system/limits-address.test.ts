import type { Config } from '@hallpass/server'
import { afterEach, describe, expect, test } from 'vitest'
import { changeAccount } from './support/fixtures/change-account.js'
import { acme } from './support/fixtures/fixture.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { sendRaw } from './support/http/send-raw.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'

let server: TestServer
afterEach(() => server.stop())

const behind = async (trustProxy: Config['trustProxy']) => {
  server = await startServer({ config: { trustProxy } })
}

/** A guest call with these forwarded addresses. The key allows three per minute and address. */
const from = async (forwarded?: string) => {
  const headers = new Headers(forwarded === undefined ? [] : [['X-Forwarded-For', forwarded]])
  return (await server.postFromShop(paths.guest, { client_key: acme.limited }, headers)).status
}

async function fromAll(addresses: readonly string[]): Promise<number[]> {
  const statuses: number[] = []
  for (const address of addresses) statuses.push(await from(address))
  return statuses
}

const four = [200, 200, 200, 429]
const allOk = [200, 200, 200, 200]

describe('X-Forwarded-For', () => {
  test('is ignored without a trusted proxy', async () => {
    await behind(false)
    expect(await fromAll(['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'])).toEqual(four)
    expect(await from()).toBe(429)
  })

  test('behind one hop, the last address counts, and addresses before it can be forged', async () => {
    await behind(1)
    expect(await fromAll(['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'])).toEqual(allOk)
    const spoofed = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'].map((address) => `${address}, 198.51.100.7`)
    expect(await fromAll(spoofed)).toEqual(four)
    expect(await from('203.0.113.1')).toBe(200)
  })

  test('behind two hops, the second address from the right counts', async () => {
    await behind(2)
    const proxied = (client: string, proxy: string) => `9.9.9.9, ${client}, ${proxy}`
    const one = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((proxy) => proxied('203.0.113.1', proxy))
    expect(await fromAll(one)).toEqual(four)
    expect(await from(proxied('203.0.113.2', '10.0.0.1'))).toBe(200)
  })

  test('several headers are one list', async () => {
    await behind(1)
    const twice = async (first: string, last: string) => {
      const headers: [string, string][] = [
        ['Content-Type', 'application/json'],
        ['Origin', acme.origin],
        ['X-Forwarded-For', first],
        ['X-Forwarded-For', last],
      ]
      const body = JSON.stringify({ client_key: acme.limited })
      return (await sendRaw(server.url + paths.guest, { headers, body })).status
    }
    const statuses: number[] = []
    for (const first of ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4']) statuses.push(await twice(first, '203.0.113.1'))
    expect(statuses).toEqual(four)
  })

  test('behind a list of networks, the first address from the right outside of them counts', async () => {
    await behind(['127.0.0.0/8', '10.0.0.0/8'])
    const one = ['10.1.2.3', '10.200.0.1', '127.0.0.9', '10.0.0.1'].map((proxy) => `8.8.8.8, 203.0.113.1, ${proxy}`)
    expect(await fromAll(one)).toEqual(four)
    expect(await from('203.0.113.2, 10.1.2.3')).toBe(200)
  })

  test('behind a list of networks, at most 20 consecutive proxies are trusted', async () => {
    await behind(['127.0.0.0/8', '10.0.0.0/8'])
    const clients = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4']
    // the peer itself is the first of them
    expect(await fromAll(clients.map((client) => client + ', 10.0.0.1'.repeat(19)))).toEqual(allOk)
    expect(await fromAll(clients.map((client) => client + ', 10.0.0.1'.repeat(20)))).toEqual(four)
  })

  test('behind a list of networks, an invalid address ends the list', async () => {
    await behind(['127.0.0.0/8', '10.0.0.0/8', 'fe80::/10'])
    expect(
      await fromAll(['nonsense', 'other', '999.1.1.1', 'more nonsense'].map((one) => `${one}, 10.0.0.1, fe80::1%eth0`)),
    ).toEqual(four)
  })

  test('is ignored if the peer is not in the list of networks', async () => {
    await behind(['10.0.0.0/8'])
    expect(await fromAll(['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'])).toEqual(four)
  })

  test('IPv6 addresses count by /64', async () => {
    await behind(1)
    const neighbours = ['2001:db8:1:1::1', '2001:db8:1:1::2', '2001:db8:1:1:ffff::1', '2001:DB8:0001:1:a:b:c:d']
    expect(await fromAll(neighbours)).toEqual(four)
    expect(await fromAll(['2001:db8:1:2::1', '2001:db8:2:1::1'])).toEqual([200, 200])
  })

  test('an IPv4 address written as IPv6 is the IPv4 address', async () => {
    await behind(1)
    const spelt = ['203.0.113.1', '::ffff:203.0.113.1', '::ffff:cb00:7101', '203.0.113.1']
    expect(await fromAll(spelt)).toEqual(four)
    expect(await from('::ffff:203.0.113.2')).toBe(200)
  })

  test('all invalid addresses share one limit, so that none of them evades it', async () => {
    await behind(1)
    expect(await fromAll(['nonsense', 'other', '999.1.1.1', 'more nonsense'])).toEqual(four)
  })

  test('secret keys count regardless of the address', async () => {
    const limited = changeAccount(acme.account, () => ({ rate_limit: { requests_per_second: 3 } }))
    server = await startServer({ config: { trustProxy: 1 }, fixture: limited })
    const statuses: number[] = []
    for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4']) {
      const headers = { ...bearer(acme.key), 'X-Forwarded-For': address }
      statuses.push((await server.get(cardPath(acme.activeCard, 'REVEAL'), headers)).status)
    }
    expect(statuses).toEqual(four)
  })
})

describe('default limits', () => {
  test('100 calls per second per secret key, 60 guests per minute per client key and address', async () => {
    const defaults = changeAccount(acme.account, ({ client_keys }) => ({
      rate_limit: undefined,
      client_keys: client_keys.map((key) => ({ ...key, rate_limit: undefined })),
    }))
    server = await startServer({ fixture: defaults })
    const count = async (calls: number, send: () => Promise<Response>) =>
      (await Promise.all(Array.from({ length: calls }, send))).filter(({ status }) => status === 200).length
    expect(await count(150, () => server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.key)))).toBe(100)
    expect(await count(90, () => server.postFromShop(paths.guest, { client_key: acme.clientKey }))).toBe(60)
  })
})
