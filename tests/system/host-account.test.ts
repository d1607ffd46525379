import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Fixture, type WidgetSession } from '@hallpass/contracts'
import { exportOnHost, importOnHost, updateAccountOnHost } from '@hallpass/server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme, child, fixture } from './support/fixtures/fixture.js'
import { bodyOf, introspect, mintBridgeToken, paths } from './support/fixtures/mint.js'
import { startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { newDatabase } from './support/servers/new-database.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const clock = testClock()
const masterKey = randomBytes(32)
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let databaseUrl: string
let server: TestServer
beforeAll(async () => {
  folder = await temporaryFolder()
  databaseUrl = await emptyDatabase('x.db')
  server = await startServer({ fixture, clock, config: { databaseUrl, masterKey } })
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})
beforeEach(async () => {
  clock.advance(11_000)
  await update({ disabled: false })
  await expect.poll(status).toBe(200)
  clock.advance(1_000)
})

const emptyDatabase = async (file: string) => {
  const database = await newDatabase()
  return database === ':memory:' ? `file:${join(folder.path, file)}` : database
}
const host = (url = databaseUrl) => ({
  flags: { 'database-url': url },
  env: { HALLPASS_MASTER_KEY: masterKey.toString('base64url') },
})
const update = (change: object, account_id: string = acme.account) =>
  updateAccountOnHost(host(), { account_id, ...change }, clock)
const status = async () => (await server.postAsAcme(paths.bridge, { customer_id: acme.customer })).status
const guest = () => server.postFromShop(paths.guest, { client_key: acme.clientKey })

async function exported(url?: string): Promise<Fixture> {
  let text = ''
  await exportOnHost(host(url), (piece) => {
    text += piece
  })
  return Fixture.parse(JSON.parse(text))
}
const stateOf = ({ accounts }: Fixture) => accounts.find(({ id }) => id === acme.account)?.disabled

describe('hallpass accounts update, on the host', () => {
  test('disables an account without a parent: a running server refuses it within a second', async () => {
    const session = await bodyOf<WidgetSession>(await guest())
    const bridge = await mintBridgeToken(server)
    expect(await update({ disabled: true })).toMatchObject({ id: acme.account, parent_id: null, disabled: true })
    await expect.poll(status).toBe(403)
    expect((await guest()).status).toBe(403)

    await expect(update({ disabled: false })).rejects.toThrow('less than 10 seconds ago')
    clock.advance(10_000)
    expect(await update({ disabled: false })).toMatchObject({ disabled: false })
    await expect.poll(status).toBe(200)
    clock.advance(1)
    for (const token of [session.token, session.refresh_token, bridge]) {
      expect(await introspect(server, token)).toEqual({ active: false })
    }
    expect((await guest()).status).toBe(200)
  })

  test("each change is in the account's history, without a key; an unknown account changes nothing", async () => {
    await update({ name: 'Acme', rate_limit: { requests_per_second: 7_000 } })
    expect(await administer(server).history(1, acme.key)).toMatchObject([
      {
        operation: 'admin.accounts.update',
        target_id: acme.account,
        changes: { name: 'Acme', rate_limit: { requests_per_second: 7_000 } },
        api_key_id: null,
      },
    ])
    await expect(update({ disabled: true }, '00000000-0000-4000-8000-000000000000')).rejects.toThrow('not found')
    expect(await update({ disabled: true }, child.account)).toMatchObject({ parent_id: acme.account, disabled: true })
  })
})

describe('a fixture', () => {
  test('keeps an account disabled: exported, imported again, and imported elsewhere', async () => {
    const before = await exported()
    expect(stateOf(before)).toBeUndefined()
    await update({ disabled: true })
    const disabled = await exported()
    expect(stateOf(disabled)).toBe(true)
    // neither the export from before nor, with --overwrite, any other that says nothing enables it
    expect((await importOnHost(host(), before)).changed).toEqual([])
    await importOnHost(host(), before, { overwrite: true })
    expect(stateOf(await exported())).toBe(true)

    const elsewhere = await emptyDatabase('y.db')
    await importOnHost(host(elsewhere), disabled)
    expect(stateOf(await exported(elsewhere))).toBe(true)
    const other = await startServer({ clock, config: { databaseUrl: elsewhere, masterKey } })
    try {
      expect((await other.postFromShop(paths.guest, { client_key: acme.clientKey })).status).toBe(403)
    } finally {
      await other.stop()
    }
  })

  test('that says `disabled: false` keeps a disabled account; with --overwrite it enables it', async () => {
    const enabled = withState(await exported(), false)
    await importOnHost(host(), enabled)
    const session = await bodyOf<WidgetSession>(await guest())
    await update({ disabled: true })
    const { kept } = await importOnHost(host(), enabled)
    expect(kept).toEqual([{ account_id: acme.account, record: 'the account itself', fields: ['disabled'] }])
    expect(stateOf(await exported())).toBe(true)
    const overwrite = () => importOnHost(host(), enabled, { overwrite: true, clock })
    await expect(overwrite()).rejects.toThrow('less than 10 seconds ago')
    clock.advance(10_000)
    await overwrite()
    expect(stateOf(await exported())).toBeUndefined()
    clock.advance(1)
    expect(await introspect(server, session.token)).toEqual({ active: false })
  })
})

const withState = ({ accounts }: Fixture, disabled: boolean): Fixture => ({
  accounts: accounts.map((account) => (account.id === acme.account ? { ...account, disabled } : account)),
})
