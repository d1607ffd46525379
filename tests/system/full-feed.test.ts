import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { mintGuest } from './support/fixtures/mint.js'
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

test('a revocation that fills the feed writes a cutoff of the account: response, history and metrics say so', async () => {
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
