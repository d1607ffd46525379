import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { createClient, type Heard, inParallel } from './support/client.js'
import { type Fleet, startFleet } from './support/fleet.js'
import { startNginx } from './support/nginx.js'
import { report, tally } from './support/numbers.js'

const requests = 20_000

test(`rolling restarts of 3 replicas behind nginx: none of ${requests} requests fails, one retry each`, async () => {
  const fleet = await startFleet({ database: 'postgres', replicas: 3, flags: { 'trust-proxy': '1' } })
  onTestFinished(fleet.remove)
  const nginx = await startNginx(fleet.folder, fleet.urls())
  const client = createClient()
  expect((await client.send(`${nginx.url}/metrics`, { method: 'GET' })).status).toBe(404)
  const first: (string | number)[] = []
  /** Retries at most once, with the same key. */
  const ask = async (path: string, body: object): Promise<Heard> => {
    const headers = { 'Idempotency-Key': randomUUID() }
    const response = await client.asAcme(nginx.url + path, body, headers)
    if (response.status === 200) return response
    first.push(response.failure ?? response.status)
    await delay(1_000)
    return client.asAcme(nginx.url + path, body, headers)
  }

  const restarts = rollUntilTold(fleet)
  const failures: Heard[] = []
  await inParallel(Array(requests / 2).fill(0), 16, async () => {
    const minted = await ask(cardPath(acme.activeCard, 'REVEAL'), {})
    if (minted.status !== 200) return failures.push(minted)
    const { widget_token } = JSON.parse(minted.text)
    const redeemed = await ask(paths.redeem, { widget_token, widget_type: 'REVEAL' })
    if (redeemed.status !== 200) failures.push(redeemed)
    return 0
  })
  const count = await restarts.stop()
  client.close()
  await nginx.stop()
  report('rolling restarts behind nginx', { requests, restarts: count, retried: first.length, because: tally(first) })
  expect(failures.map(({ status, text, failure }) => [status, text, failure])).toEqual([])
  expect(count).toBeGreaterThanOrEqual(3)
})

/** Restarts the replicas one after another, each on its own port. Ends after a complete round. */
function rollUntilTold(fleet: Fleet): { stop: () => Promise<number> } {
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
    async stop() {
      going = false
      await rolling
      return count
    },
  }
}
