import { setTimeout as delay } from 'node:timers/promises'
import { createVerifier } from '@hallpass/client/verify'
import { expect, onTestFinished, test } from 'vitest'
import { acme, rival } from '../system/support/fixtures/fixture.js'
import { paths } from '../system/support/fixtures/mint.js'
import { bearer } from '../system/support/servers/in-process-server.js'
import { writeDirectly } from '../system/support/servers/new-database.js'
import { type Client, createClient } from './support/client.js'
import { startFleet } from './support/fleet.js'
import { quantile, report } from './support/numbers.js'

const batches = 40
const batchRows = 10_000
/** What a verifier accepts. */
const longestFeed = 8_000_000
const feeds = { own: `/.well-known/revocations/${acme.account}`, all: '/.well-known/revocations' } as const

/** Sessions of one account that were revoked just now, as servers write them that don't count names yet. */
const revokeSessions = (databaseUrl: string, batch: number) => {
  const now = Date.now()
  // a UUID of version 7, of this millisecond
  const time = now.toString(16).padStart(12, '0')
  const sid = `'${time.slice(0, 8)}-${time.slice(8)}-7000-8000-' || lpad(to_hex(${batch * batchRows} + n), 12, '0')`
  return writeDirectly(
    databaseUrl,
    `insert into sessions (account_id, sid, counter, revoked_at, expires_at)
     select '${acme.account}', ${sid}, 0, ${now}, ${now + 86_400_000} from generate_series(1, ${batchRows}) as n`,
  )
}

/** The other account: what its verifier says, and how long its own calls take. */
async function observe(client: Client, url: string, isOver: () => boolean) {
  const headers = bearer(rival.key)
  const mint = () => client.send(url + paths.bridge, { headers, body: { customer_id: rival.customer } })
  const issuer = 'https://pass.example'
  const verifier = createVerifier({ issuer, baseUrl: url, kind: 'bridge', account: rival.account })
  const token = JSON.parse((await mint()).text).data.bridge_token
  const [calls, refused]: [number[], string[]] = [[], []]
  const longest = { own: 0, all: 0 }
  const call = async () => {
    while (!isOver()) {
      const verdict = await verifier.verify(token)
      if (!verdict.ok) refused.push(verdict.reason)
      calls.push((await mint()).milliseconds)
      await delay(20)
    }
  }
  const read = async (feed: keyof typeof feeds) => {
    while (!isOver()) {
      const { text } = await client.send(url + feeds[feed], { method: 'GET' })
      longest[feed] = Math.max(longest[feed], text.length)
      await delay(500)
    }
  }
  await Promise.all([call(), read('own'), read('all')])
  return { calls: calls.length, p50: quantile(calls, 0.5), p99: quantile(calls, 0.99), refused, longest }
}

test("400,000 revocations by one account: another account's verifier goes on, and no feed is too long", async () => {
  const fleet = await startFleet({ database: 'postgres', replicas: 1 })
  onTestFinished(fleet.remove)
  const client = createClient()
  const [url = ''] = fleet.urls()
  const during = async (work: () => Promise<unknown>) => {
    let isOver = false
    const observed = observe(client, url, () => isOver)
    await work().finally(() => {
      isOver = true
    })
    return observed
  }
  const before = await during(() => delay(20_000))
  const storm = await during(async () => {
    for (let batch = 0; batch < batches; batch++)
      await Promise.all([revokeSessions(fleet.databaseUrl, batch), delay(500)])
    // a thorough reading comes within five seconds
    await delay(6_000)
  })
  client.close()
  const shown = ({ calls, p50, p99 }: typeof storm) => ({ calls, p50: Math.round(p50), p99: Math.round(p99) })
  report('400,000 revocations by one account', {
    before: shown(before),
    during: shown(storm),
    refused: storm.refused.length,
    longest: storm.longest,
  })
  expect(storm.refused).toEqual([])
  expect(storm.longest.own).toBeGreaterThan(1_000)
  expect(Math.max(storm.longest.own, storm.longest.all)).toBeLessThan(longestFeed)
})
