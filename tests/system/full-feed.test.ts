import { join } from 'node:path'
import type { RevocationFeed } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { introspect, mintGuest } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'
import { newDatabase, writeDirectly } from './support/servers/new-database.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let databaseUrl: string
let server: TestServer
beforeAll(async () => {
  folder = await temporaryFolder()
  const shared = await newDatabase()
  databaseUrl = shared === ':memory:' ? `file:${join(folder.path, 'hallpass.db')}` : shared
  server = await startServer({ config: { databaseUrl } })
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

const revoke = (token: string) =>
  fetch(`${server.url}/oauth2/revoke`, {
    method: 'POST',
    headers: { ...bearer(acme.key), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }),
  })

test('a revocation that fills the feed writes an account cutoff and reports that everywhere', async () => {
  const [first, second, third] = [await mintGuest(server), await mintGuest(server), await mintGuest(server)]
  expect(await (await revoke(first.token)).json()).toEqual({})
  await writeDirectly(databaseUrl, 'update revocation_counts set current = 50000')
  const filled = await (await revoke(second.token)).json()
  expect(filled).toEqual({
    feed_cutoff: { scope: 'account', subject: acme.account, not_before: expect.stringMatching(/^20.*Z$/) },
  })
  const history = await fetch(`${server.url}/v1/admin/audit`, { headers: bearer(acme.key) })
  expect(await history.text()).toContain('"feed_cutoff"')
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/hallpass_feed_cutoffs_total(\{.*\})? 1/)
  const introspected = await fetch(`${server.url}/oauth2/introspect`, {
    method: 'POST',
    headers: { ...bearer(acme.key), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: third.token }),
  })
  expect(await introspected.json()).toEqual({ active: false })
  // what the cutoff covers is not counted again
  expect(await (await revoke(third.token)).json()).toEqual({})
})

test('a feed full of names that were not counted writes the cutoff that it shows', async () => {
  server.clock.advance(1_000)
  const [earlier, counted] = [await mintGuest(server), await feedCutoffs()]
  server.clock.advance(1_000)
  const notBefore = server.clock.now()
  // as left by an import that ends more customers than a feed can name
  for (let batch = 0; batch <= 10; batch++) {
    const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 10000)`
    await writeDirectly(
      databaseUrl,
      `insert into cut_offs (account_id, scope, subject, not_before, expires_at) ${numbers}
       select '${acme.account}', 'customer', '${batch} ' || n, ${notBefore}, ${notBefore + 86_400_000} from numbers`,
    )
  }
  expect(await introspect(server, earlier.token)).toMatchObject({ active: true })
  server.clock.advance(1_000)
  const feed = decodeJwt(await (await fetch(`${server.url}/.well-known/revocations/${acme.account}`)).text())
  expect(feed.cut_offs).toMatchObject({ account: expect.any(Object), customer: {} })
  expect(Object.values((feed.cut_offs as RevocationFeed['cut_offs']).account)).toEqual([notBefore])
  expect(await introspect(server, earlier.token)).toEqual({ active: false })
  expect(await introspect(server, (await mintGuest(server)).token)).toMatchObject({ active: true })
  const history = await administer(server).history(1, acme.key)
  const feed_cutoff = { scope: 'account', subject: acme.account, not_before: new Date(notBefore).toISOString() }
  expect(history).toMatchObject([
    { operation: 'revocations.replace', target_id: acme.account, changes: { feed_cutoff } },
  ])
  expect(await feedCutoffs()).toBe(counted + 1)
})

async function feedCutoffs(): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/hallpass_feed_cutoffs_total(?:\{.*\})? (\d+)/.exec(metrics)?.[1] ?? 0)
}
