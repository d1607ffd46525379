import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { createClient, type Heard, inParallel } from './support/client.js'
import { type Fleet, startFleet } from './support/fleet.js'
import { startHaproxy } from './support/haproxy.js'
import { startNginx } from './support/nginx.js'
import { report, tally } from './support/numbers.js'

const requests = 20_000

/** The proxies check `/health/ready` every 2 s, or notice a replica that refuses connections. */
const proxies = [
  ['nginx', startNginx],
  ['HAProxy', startHaproxy],
] as const

test.each(proxies)(
  `rolling update of 3 replicas behind %s: none of ${requests} requests fails`,
  async (name, start) => {
    const flags = { 'trust-proxy': '1', 'drain-delay': '6' }
    const fleet = await startFleet({ database: 'postgres', replicas: 3, flags })
    onTestFinished(fleet.remove)
    const proxy = await start(fleet.folder, fleet.urls())
    onTestFinished(proxy.stop)
    const client = createClient()
    onTestFinished(client.close)
    expect((await client.send(`${proxy.url}/metrics`, { method: 'GET' })).status).toBe(404)
    /** Never retries: what fails here reaches the caller. */
    const ask = (path: string, body: object): Promise<Heard> =>
      client.asAcme(proxy.url + path, body, { 'Idempotency-Key': randomUUID() })

    const restarts = rollUntilTold(fleet)
    const failures: Heard[] = []
    let [asked, isEnough] = [0, false]
    await inParallel(Array(8).fill(0), 8, async () => {
      while (!isEnough) {
        const minted = await ask(cardPath(acme.activeCard, 'REVEAL'), {})
        const { widget_token } = minted.status === 200 ? JSON.parse(minted.text) : {}
        const redeemed = await ask(paths.redeem, { widget_token, widget_type: 'REVEAL' })
        failures.push(...[minted, redeemed].filter(({ status }) => status !== 200))
        asked += 2
        // every replica was restarted at least once while requests came
        isEnough = asked >= requests && restarts.count() >= 3
      }
    })
    await restarts.stop()
    const because = tally(failures.map(({ status, failure }) => failure ?? status))
    report(`rolling update behind ${name}`, { requests: asked, restarts: restarts.count(), failed: because })
    expect(failures.map(({ status, text, failure }) => [status, text, failure])).toEqual([])
  },
)

/** Restarts the replicas one after another, each on its own port. Ends after a complete round. */
function rollUntilTold(fleet: Fleet): { count: () => number; stop: () => Promise<void> } {
  let going = true
  let count = 0
  const roll = async () => {
    while (going || count % 3 > 0) {
      const [oldest] = fleet.replicas
      if (!oldest) return
      const exit = await oldest.stop('SIGTERM')
      expect(exit).toMatchObject({ code: 0, signal: null })
      fleet.replicas.shift()
      const next = await fleet.start({ port: new URL(oldest.url).port })
      expect((await fetch(`${next.url}/health/ready`)).status).toBe(200)
      count++
    }
  }
  const rolling = roll()
  return {
    count: () => count,
    async stop() {
      going = false
      await rolling
    },
  }
}
