import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { createClient, inParallel } from './support/client.js'
import { startFleet } from './support/fleet.js'
import { report, slopeOf } from './support/numbers.js'

const requests = 500_000
const batch = 20_000
/** Caches and the heap reach their final size during these requests. */
const warmUp = 100_000
const allowedBytes = 5 * 1024 * 1024

test(`memory grows by at most 5 MB per 100,000 requests over ${requests}`, async () => {
  const fleet = await startFleet({ database: 'sqlite', replicas: 1 })
  onTestFinished(fleet.remove)
  const [server] = fleet.replicas
  const url = server?.url ?? ''
  const client = createClient(32)
  const kinds = [
    () => client.asAcme(url + paths.bridge, { customer_id: acme.customer }),
    () => client.send(url + paths.guest, { body: { client_key: acme.clientKey }, headers: { Origin: acme.origin } }),
    () => client.asAcme(url + paths.introspect, new URLSearchParams({ token: 'none' })),
    () => client.asAcme(url + paths.redeem, { widget_token: 'none', widget_type: 'REVEAL' }),
    () =>
      client.send(`${url}${paths.config}?client_key=${acme.clientKey}`, {
        method: 'GET',
        headers: { Origin: acme.origin },
      }),
  ]
  const mint = () => client.asAcme(url + cardPath(acme.activeCard, 'REVEAL'), {})
  const points: [number, number][] = []
  const began = performance.now()
  for (let sent = 0; sent < warmUp + requests; sent += batch) {
    await inParallel(Array(batch).fill(0), 32, async (_, index) => {
      // one in twenty leaves a row
      const { status } = await (index % 20 === 0 ? mint() : (kinds[index % kinds.length] ?? mint)())
      if (status === 0 || status >= 500) throw new Error(`a response was ${status}`)
    })
    if (sent >= warmUp) points.push([sent / 100_000, residentBytes(server?.process.pid)])
  }
  const seconds = (performance.now() - began) / 1000
  client.close()
  const slope = slopeOf(points)
  const megabytes = (bytes: number) => Math.round((bytes / 1024 / 1024) * 10) / 10
  report('memory', {
    megabytesPer100k: megabytes(slope),
    first: megabytes(points[0]?.[1] ?? 0),
    last: megabytes(points.at(-1)?.[1] ?? 0),
    requestsPerSecond: Math.round((warmUp + requests) / seconds),
  })
  expect(slope).toBeLessThanOrEqual(allowedBytes)
}, 1_800_000)

/** The resident memory that Linux reports. */
function residentBytes(pid: number | undefined): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}
