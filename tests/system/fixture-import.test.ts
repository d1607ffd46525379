import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Fixture } from '@hallpass/contracts'
import { exportOnHost, importOnHost } from '@hallpass/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, introspect, mintBridgeToken, mintCardToken } from './support/fixtures/mint.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'
import { newDatabase } from './support/servers/new-database.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const masterKey = randomBytes(32)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let url: string
beforeEach(async () => {
  folder = await temporaryFolder()
  const database = await newDatabase()
  url = database === ':memory:' ? `file:${join(folder.path, 'x.db')}` : database
})
afterEach(() => folder.remove())

const host = () => ({
  flags: { 'database-url': url },
  env: { HALLPASS_MASTER_KEY: masterKey.toString('base64url') },
})

async function exported(): Promise<Fixture> {
  let text = ''
  await exportOnHost(host(), (piece) => {
    text += piece
  })
  return Fixture.parse(JSON.parse(text))
}

/** Acme's current records in the database. */
const acmeNow = async () => {
  const account = (await exported()).accounts.find(({ id }) => id === acme.account)
  const key = account?.client_keys.find(({ client_key }) => client_key === acme.clientKey)
  const statusOf = (list: readonly { id: string; status: string }[] = [], id: string) =>
    list.find((item) => item.id === id)?.status
  return {
    card: statusOf(account?.cards, acme.activeCard),
    customer: statusOf(account?.customers, acme.customer),
    allowlist: key?.origin_allowlist,
    widget: key?.widget_enabled,
    disabled: key?.disabled,
    limit: key?.rate_limit?.guest_per_minute,
    keys: account?.api_keys.map(({ name }) => name),
  }
}

type Admin = ReturnType<typeof administer>
interface Listed {
  readonly id: string
  readonly name: string
}

/** Starts a server on the database, which imports the fixture, and runs an operator's changes. */
async function operate(
  work: (admin: Admin, server: TestServer) => Promise<unknown>,
  imported: Fixture = fixtureWithHost,
): Promise<void> {
  const server = await startServer({ fixture: imported, config: { databaseUrl: url, masterKey } })
  try {
    await work(administer(server), server)
  } finally {
    await server.stop()
  }
}

const post = async (admin: Admin, path: string, body: object) => bodyOf<unknown>(await admin.post(path, body))
const idOf = async (admin: Admin, path: string, name: string) =>
  (await admin.listAll<Listed>(path)).find((item) => item.name === name)?.id ?? ''

/** Disables or removes what the fixture grants. */
async function tighten(admin: Admin): Promise<void> {
  await post(admin, 'cards', {
    id: acme.activeCard,
    customer_id: acme.customer,
    status: 'SUSPENDED',
    last_four: '4242',
  })
  await post(admin, 'customers', { id: acme.customer, name: 'Ada Lovelace', status: 'rejected' })
  const limits = { rate_limit: { guest_per_minute: 2 } }
  const patch = { origin_allowlist: [], widget_enabled: false, disabled: true, ...limits }
  await post(admin, `client_keys/${await idOf(admin, 'client_keys', acme.clientKey)}`, patch)
  await post(admin, `api_keys/${await idOf(admin, 'api_keys', 'introspect')}/disable`, {})
}

/** The usual fixture, which states for every key that it is not disabled. */
const outspoken = (base: Fixture): Fixture => ({
  accounts: base.accounts.map((account) => ({
    ...account,
    api_keys: account.api_keys.map((key) => ({
      disabled: false,
      ...key,
      ...(key.name === 'old' && { disabled: true }),
    })),
    client_keys: account.client_keys.map((key) => ({ ...key, disabled: key.disabled ?? false })),
  })),
})
const whole = outspoken(fixtureWithHost)

const kept = (record: string, ...fields: string[]) => ({ account_id: acme.account, record, fields })
const everythingKept = [
  kept('secret key "introspect"', 'disabled'),
  kept(`client key ${acme.clientKey}`, 'origin_allowlist', 'widget_enabled', 'disabled', 'rate_limit'),
  kept(`customer ${acme.customer}`, 'status'),
  kept(`card ${acme.activeCard}`, 'status'),
]
const tightened = {
  card: 'SUSPENDED',
  customer: 'rejected',
  allowlist: [],
  widget: false,
  disabled: true,
  limit: 2,
  keys: expect.not.arrayContaining(['introspect']),
}

describe('a fixture that is imported again', () => {
  test('keeps later changes, at any start and on the host, until --overwrite', async () => {
    await operate(tighten, whole)
    expect(await acmeNow()).toEqual(tightened)
    for (let round = 0; round < 2; round++) {
      const { kept, changed } = await importOnHost(host(), whole)
      expect({ kept, changed }).toEqual({ kept: everythingKept, changed: [] })
    }
    await operate(async () => {}, whole)
    expect(await acmeNow()).toEqual(tightened)
    const overwritten = await importOnHost(host(), whole, { overwrite: true })
    expect(overwritten.kept).toEqual([])
    expect(await acmeNow()).toMatchObject({
      card: 'ACTIVE',
      customer: 'verified',
      widget: true,
      disabled: false,
      limit: 0,
    })
    expect((await acmeNow()).keys).toContain('introspect')
  })

  test('writes what changed in the fixture; if both changed, the stricter value applies', async () => {
    await operate(tighten, whole)
    const change = (card: 'ACTIVE' | 'TERMINATED', customer: 'inactive' | 'pending', name: string) =>
      Fixture.parse({
        accounts: whole.accounts.map((account) => ({
          ...account,
          cards: account.cards.map((item) => (item.id === acme.activeCard ? { ...item, status: card } : item)),
          customers: account.customers.map((item) =>
            item.id === acme.customer ? { ...item, status: customer, name } : item,
          ),
        })),
      })
    const { kept, changed } = await importOnHost(host(), change('TERMINATED', 'inactive', 'Ada King'))
    expect(await acmeNow()).toMatchObject({ card: 'TERMINATED', customer: 'rejected' })
    expect(changed).toEqual([
      { account_id: acme.account, record: `customer ${acme.customer}`, fields: ['name'] },
      { account_id: acme.account, record: `card ${acme.activeCard}`, fields: ['status'], ended: true },
    ])
    expect(kept.map(({ record }) => record)).toEqual(everythingKept.slice(0, 3).map(({ record }) => record))
    await importOnHost(host(), change('ACTIVE', 'pending', 'Ada King'))
    expect(await acmeNow()).toMatchObject({ card: 'ACTIVE', customer: 'rejected' })
  })

  test('ends active tokens of a customer and a card whose status it makes stricter', async () => {
    const tokens: string[] = []
    await operate(async (_, server) => {
      tokens.push(await mintBridgeToken(server), await mintCardToken(server))
    }, whole)
    const ended = Fixture.parse({
      accounts: whole.accounts.map((account) => ({
        ...account,
        cards: account.cards.map((card) => (card.id === acme.activeCard ? { ...card, status: 'SUSPENDED' } : card)),
        customers: account.customers.map((item) =>
          item.id === acme.customer ? { ...item, status: 'inactive' } : item,
        ),
      })),
    })
    const { changed } = await importOnHost(host(), ended)
    expect(changed.map(({ ended }) => ended)).toEqual([true, true])
    await importOnHost(host(), whole)
    expect(await acmeNow()).toMatchObject({ card: 'ACTIVE', customer: 'verified' })
    await operate(async (_, server) => {
      for (const token of tokens) expect(await introspect(server, token)).toEqual({ active: false })
    }, whole)
  })

  test('loosens nothing that it did not import itself', async () => {
    const bare = {
      accounts: whole.accounts.map((account) =>
        account.id === acme.account ? { ...account, client_keys: [], customers: [], cards: [] } : account,
      ),
    }
    const status = { customer: 'rejected', card: 'SUSPENDED' }
    await operate(async (admin) => {
      await post(admin, 'customers', { id: acme.customer, status: status.customer })
      await post(admin, 'cards', { id: acme.activeCard, customer_id: acme.customer, status: status.card })
    }, bare)
    const { kept } = await importOnHost(host(), whole)
    expect(kept.map(({ record, fields }) => [record, fields])).toEqual([
      [`customer ${acme.customer}`, ['status']],
      [`card ${acme.activeCard}`, ['status']],
    ])
    expect(await acmeNow()).toMatchObject({ ...status, widget: true })
  })

  test('creates no new key instead of one that was disabled since', async () => {
    await operate(async () => {}, whole)
    const withoutSecrets = await exported()
    expect((await importOnHost(host(), withoutSecrets)).made).toEqual([])
    await operate(tighten, whole)
    const again = await importOnHost(host(), withoutSecrets)
    expect(again.made).toEqual([])
    expect(again.kept).toContainEqual(kept('secret key "introspect"', 'disabled'))
    expect((await acmeNow()).keys).not.toContain('introspect')
    const { made } = await importOnHost(host(), withoutSecrets, { overwrite: true })
    expect(made.map(({ name }) => name)).toEqual(['introspect'])
  })

  test('names accounts that it leaves without a key that can administer them', async () => {
    await importOnHost(host(), whole)
    const narrowed = {
      accounts: whole.accounts.map((account) => ({
        ...account,
        api_keys: account.api_keys.map((key) => ({ ...key, scopes: ['tokens:redeem' as const] })),
      })),
    }
    const ids = whole.accounts.filter(({ api_keys }) => api_keys.length > 0).map(({ id }) => id)
    expect((await importOnHost(host(), narrowed)).locked_out).toEqual(ids)
  })
})

describe('an export', () => {
  test('changes nothing if imported again, and is the same from another database', async () => {
    await operate(tighten, whole)
    const first = await exported()
    const { made, changed, kept } = await importOnHost(host(), first)
    expect({ made, changed, kept }).toEqual({ made: [], changed: [], kept: [] })
    expect(await exported()).toEqual(first)
    const database = await newDatabase()
    url = database === ':memory:' ? `file:${join(folder.path, 'y.db')}` : database
    await importOnHost(host(), first)
    expect(await exported()).toEqual(first)
    expect((await importOnHost(host(), first)).changed).toEqual([])
  })
})
