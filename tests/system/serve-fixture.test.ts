import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { cardPath } from './support/fixtures/mint.js'
import { type Served, sandboxFixture, writeFixture } from './support/servers/child-process.js'
import { bearer } from './support/servers/in-process-server.js'
import { bridge, guest } from './support/servers/listening-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { withFolder } from './support/servers/with-folder.js'

const { folder, start, startInProcess, files } = withFolder()

const post = async (server: Served, path: string, body: object) => {
  const headers = { 'Content-Type': 'application/json', ...bearer(acme.key) }
  return (await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).status
}

describe('the fixture of hallpass serve', () => {
  const database = { 'database-url': 'file:./x.db' }

  test('is imported at start, with accounts in any order, and again without changes', async () => {
    const fixture = await writeFixture(folder.path)
    for (let round = 0; round < 2; round++) {
      const server = await startInProcess({ flags: { ...database, fixture } })
      expect((await bridge(server)).status).toBe(200)
      expect((await bridge(server, 'My API Key')).status).toBe(200)
      expect((await bridge(server, acme.disabledKey)).status).toBe(401)
      expect(
        (await fetch(server.url + cardPath(acme.activeCard, 'REVEAL'), { headers: bearer(acme.key) })).status,
      ).toBe(200)
      await server.stop()
    }
  })

  test('stays if a later start has none', async () => {
    await (await startInProcess({ flags: { ...database, fixture: await writeFixture(folder.path) } })).stop()
    expect((await bridge(await startInProcess({ flags: database }))).status).toBe(200)
  })

  test('adds and updates if it has changed, and removes nothing', async () => {
    await (await startInProcess({ flags: { ...database, fixture: await writeFixture(folder.path) } })).stop()
    const [account] = sandboxFixture.accounts.filter(({ id }) => id === acme.account)
    const changed = {
      accounts: [
        {
          ...account,
          api_keys: [{ secret: 'sk_test_added', scopes: ['*'] }],
          client_keys: [],
          cards: [],
          customers: [{ id: acme.customer, status: 'rejected' }],
        },
      ],
    }
    const server = await startInProcess({
      flags: { ...database, fixture: await writeFixture(folder.path, 'changed.json', changed) },
    })
    expect((await bridge(server, 'sk_test_added')).status, 'updated: the customer was rejected').toBe(422)
    expect((await bridge(server)).status, 'the old key is still there').toBe(422)
    const card = await fetch(`${server.url}/v1/admin/cards/${acme.activeCard}`, { headers: bearer('sk_test_added') })
    expect(card.status, 'the card is still there').toBe(200)
    expect((await guest(server, acme.clientKey, { Origin: acme.origin })).status).toBe(200)
  })

  test('is not modified, and no file is written next to the database', async () => {
    const elsewhere = await temporaryFolder()
    const fixture = await writeFixture(elsewhere.path)
    const before = await stat(fixture)
    await (await start({ flags: { ...database, fixture } })).stop()
    expect((await stat(fixture)).mtimeMs).toBe(before.mtimeMs)
    expect(await readdir(elsewhere.path)).toEqual(['fixture.json'])
    for (const file of await files()) expect(join('/', file)).toMatch(/^\/x\.db/)
    await elsewhere.remove()
  })
})

test('hallpass serve keeps later changes and logs one line, unless set to overwrite them', async () => {
  const flags = { fixture: await writeFixture(folder.path), 'log-level': 'warn' }
  const reveal = (server: Served) => post(server, cardPath(acme.activeCard, 'REVEAL'), {})
  const first = await start({ flags })
  const suspended = { id: acme.activeCard, customer_id: acme.customer, status: 'SUSPENDED' }
  expect(await post(first, '/v1/admin/cards', suspended)).toBe(200)
  await first.stop()
  const second = await start({ flags })
  expect(await reveal(second)).toBe(422)
  await second.stop()
  const warnings = second
    .stderr()
    .split('\n')
    .filter((line) => line.includes('The import kept'))
  expect(warnings).toEqual([expect.stringContaining(`card ${acme.activeCard} of account ${acme.account} (status`)])
  const third = await start({ flags, env: { HALLPASS_FIXTURE_OVERWRITE: 'true' } })
  expect(await reveal(third)).toBe(200)
  await third.stop()
  expect(first.stderr() + third.stderr()).not.toContain('The import kept')
})
