import { expect, onTestFinished, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { paths } from '../system/support/fixtures/mint.js'
import { expectBelow } from '../system/support/time/slowness.js'
import { createClient, inParallel } from './support/client.js'
import { startFleet } from './support/fleet.js'
import { quantile, report } from './support/numbers.js'

const times = 1_000

test(`a revocation on one replica shows on two others within 1 s (p99, ${times} times)`, async () => {
  const fleet = await startFleet({ database: 'postgres', replicas: 3 })
  onTestFinished(fleet.remove)
  const client = createClient()
  const [one = '', ...others] = fleet.urls()
  const introspect = async (url: string, token: string): Promise<boolean> =>
    JSON.parse((await client.asAcme(url + paths.introspect, new URLSearchParams({ token }))).text).active
  const delays = await inParallel(Array(times).fill(0), 4, async () => {
    const guest = await client.send(one + paths.guest, {
      body: { client_key: acme.clientKey },
      headers: { Origin: acme.origin },
    })
    const { token } = JSON.parse(guest.text)
    for (const url of others) expect(await introspect(url, token)).toBe(true)
    const revoked = await client.asAcme(one + paths.revoke, new URLSearchParams({ token }))
    expect(revoked.status).toBe(200)
    const began = performance.now()
    const unseen = async (url: string) => {
      while (await introspect(url, token));
    }
    await Promise.all(others.map(unseen))
    return performance.now() - began
  })
  client.close()
  const p99 = quantile(delays, 0.99)
  report('from revocation until two other replicas show it', {
    p50: Math.round(quantile(delays, 0.5)),
    p99: Math.round(p99),
  })
  expectBelow(p99, 1_000)
})
