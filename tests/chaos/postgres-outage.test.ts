import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { bearer } from '../system/support/servers/in-process-server.js'
import { type Client, createClient, type Heard, keepDoing } from './support/client.js'
import { anyOf, type Fleet, isRunning, startFleet } from './support/fleet.js'
import { quantile, report, tally } from './support/numbers.js'

/** The limit for a response, plus some time for the client to receive it. */
const responseMilliseconds = 5_000
const hearingMilliseconds = 500
const backAfterMilliseconds = 5_000
const lagSeconds = 0.2
const metricsToken = 'metrics-token-of-the-operator'

let fleet: Fleet
let client: Client
beforeEach(async () => {
  fleet = await startFleet({
    database: 'postgres',
    replicas: 3,
    durable: true,
    env: { HALLPASS_METRICS_TOKEN: metricsToken },
  })
  client = createClient()
})
afterEach(async () => {
  client.close()
  await fleet.remove()
})

interface Sample extends Heard {
  readonly at: number
}

/** Mints and redeems continuously. Every token is presented again after it was spent. */
function startLoad() {
  const samples: Sample[] = []
  const spendings = new Map<string, number>()
  const ask = async (path: string, body: object) => {
    const at = performance.now()
    const heard = await client.asAcme(anyOf(fleet.urls()) + path, body)
    samples.push({ ...heard, at })
    return heard
  }
  const load = keepDoing(12, async () => {
    const minted = await ask(cardPath(acme.activeCard, 'REVEAL'), {})
    if (minted.status !== 200) return delay(20)
    const { widget_token } = JSON.parse(minted.text)
    for (let attempt = 0; attempt < 3; attempt++) {
      const { status } = await ask(paths.redeem, { widget_token, widget_type: 'REVEAL' })
      if (status === 200) spendings.set(widget_token, (spendings.get(widget_token) ?? 0) + 1)
    }
  })
  return { samples, spendings, stop: load.stop }
}

/** What must hold regardless of what happens to the database. */
function expectSound({ samples, spendings }: ReturnType<typeof startLoad>): void {
  const statuses = tally(samples.map(({ status, failure }) => failure ?? status))
  expect(Object.keys(statuses).filter((status) => !['200', '422', '503'].includes(status))).toEqual([])
  for (const { status, headers, milliseconds } of samples) {
    expect(milliseconds).toBeLessThanOrEqual(responseMilliseconds + hearingMilliseconds)
    if (status !== 503) continue
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(10)
  }
  expect([...spendings.values()].filter((count) => count > 1)).toEqual([])
  expect(spendings.size).toBeGreaterThan(0)
  expect(fleet.replicas.every(isRunning)).toBe(true)
}

/** The share of successful calls among those that began in a period. */
function successesBetween(samples: readonly Sample[], from: number, to: number): number {
  const those = samples.filter(({ at }) => at >= from && at <= to)
  expect(those.length).toBeGreaterThan(0)
  return those.filter(({ status }) => status === 200 || status === 422).length / those.length
}

const readLag = async () =>
  Promise.all(
    fleet.urls().map(async (url) => {
      const text = await (await fetch(`${url}/metrics`, { headers: bearer(metricsToken) })).text()
      return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1])
    }),
  )

const slowest503 = (samples: readonly Sample[]) =>
  Math.round(Math.max(0, ...samples.filter(({ status }) => status === 503).map(({ milliseconds }) => milliseconds)))

describe('3 replicas under load if PostgreSQL', () => {
  test('restarts 10 times and then stops for 10 s', async () => {
    const load = startLoad()
    const rates: number[] = []
    for (let round = 0; round < 11; round++) {
      await delay(1_000)
      await fleet.postgres?.stop()
      if (round === 10) {
        await delay(10_000)
        for (const url of fleet.urls()) expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(200)
      }
      await fleet.postgres?.start()
      const back = performance.now()
      await delay(backAfterMilliseconds + 3_000)
      rates.push(successesBetween(load.samples, back + backAfterMilliseconds, performance.now()))
    }
    await load.stop()
    expectSound(load)
    report('PostgreSQL restarted 10 times and stopped for 10 s', {
      lowestSuccess: Math.min(...rates),
      slowest503: slowest503(load.samples),
      responses: tally(load.samples.map(({ status }) => status)),
    })
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.99)
  })

  test('freezes for 15 s (SIGSTOP): the event loop keeps running', async () => {
    const load = startLoad()
    await delay(2_000)
    await readLag()
    await fleet.postgres?.pause()
    await delay(15_000)
    const lags = await readLag()
    fleet.postgres?.resume()
    const back = performance.now()
    await delay(backAfterMilliseconds + 3_000)
    const rate = successesBetween(load.samples, back + backAfterMilliseconds, performance.now())
    await load.stop()
    expectSound(load)
    report('PostgreSQL stopped by SIGSTOP for 15 s', {
      success: rate,
      lagP99Milliseconds: lags.map((lag) => Math.round(lag * 1000)),
      slowest503: slowest503(load.samples),
      p99: Math.round(
        quantile(
          load.samples.map(({ milliseconds }) => milliseconds),
          0.99,
        ),
      ),
    })
    expect(rate).toBeGreaterThanOrEqual(0.99)
    for (const lag of lags) expect(lag).toBeLessThanOrEqual(lagSeconds)
  })
})
