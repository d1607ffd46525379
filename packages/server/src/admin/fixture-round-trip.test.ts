import { randomBytes } from 'node:crypto'
import { Fixture } from '@hallpass/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { migrate } from '../store/migrations.js'
import { openSqlite } from '../store/open-sqlite.js'
import { createStore, type Store } from '../store/store.js'
import { fixedKeys } from '../testing/fixed-keys.js'
import { exportFixture } from './export-fixture.js'
import { importFixture } from './import-fixture.js'

const keys = fixedKeys(randomBytes(32))
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => !value.includes('\0'))
const limit = fc.integer({ min: 0, max: 1000 })
const scopes = fc.uniqueArray(fc.constantFrom('*', 'admin', 'host', 'bridge:write'), { minLength: 1 })
const optional = { requiredKeys: [] }

const apiKey = fc.record(
  { name: text, scopes, disabled: fc.boolean(), secret: fc.stringMatching(/^sk_test_[a-z0-9]{12}$/) },
  { requiredKeys: ['name', 'scopes'] },
)
const clientKey = fc.record(
  {
    client_key: fc.stringMatching(/^pk_test_[a-z0-9]{12}$/),
    agent: fc.record(
      {
        id: fc.constant('agent_1'),
        display_name: fc.constant('Ada'),
        avatar_url: fc.constant('https://a.example/a.png'),
      },
      { requiredKeys: ['id', 'display_name'] },
    ),
    name: text,
    disabled: fc.boolean(),
    widget_enabled: fc.boolean(),
    auth_mode: fc.constantFrom('guest', 'user', 'both'),
    origin_allowlist: fc.uniqueArray(
      fc.constantFrom('shop.example', '*.shop.example', 'localhost:*', 'HTTP://A.test:81'),
    ),
    branding: fc.record(
      { logo_url: fc.constant('https://a.example/l.png'), launcher_position: fc.constant('tl') },
      optional,
    ),
    copy: fc.record({ greeting: text, launcher_label: text, extra: text }, optional),
    locale: fc.constantFrom('en', 'pt-BR'),
    supported_locales: fc.constantFrom(['en'], ['de', 'en']),
    rate_limit: fc.record({ guest_per_minute: limit, guest_per_minute_total: limit }, optional),
  },
  { requiredKeys: ['client_key', 'agent'] },
)
const card = fc.record(
  {
    id: fc.uuid({ version: 4 }),
    status: fc.constantFrom('UNACTIVATED', 'ACTIVE', 'SUSPENDED', 'TERMINATED'),
    last_four: fc.option(fc.stringMatching(/^\d{4}$/)),
  },
  { requiredKeys: ['id'] },
)
const customer = fc.record({
  id: fc.uuid({ version: 4 }),
  name: text,
  status: fc.constantFrom('verified', 'pending', 'review', 'rejected', 'inactive'),
  cards: fc.array(card, { maxLength: 2 }),
})
const account = fc.record(
  {
    id: fc.uuid({ version: 4 }),
    tenant: fc.uuid(),
    environment: fc.constant('sandbox'),
    name: text,
    rate_limit: fc.record({ requests_per_second: limit, requests_per_second_per_key: limit }, optional),
    api_keys: fc.uniqueArray(apiKey, { maxLength: 3, selector: ({ name }) => name }),
    client_keys: fc.array(clientKey, { maxLength: 3 }),
    owners: fc.array(customer, { maxLength: 2 }),
  },
  { requiredKeys: ['id', 'tenant', 'environment', 'owners'] },
)
const fixtures = fc.array(account, { minLength: 1, maxLength: 2 }).map((accounts) => ({
  accounts: accounts.map(({ owners, ...settings }, index) => ({
    ...settings,
    // each account is the child of the one before, if there is one
    parent_id: accounts[index - 1]?.id ?? null,
    customers: owners.map(({ cards: _, ...settings }) => settings),
    cards: owners.flatMap(({ id, cards }) => cards.map((card) => ({ ...card, customer_id: id }))),
  })),
}))

async function withStores(work: (one: Store, two: Store) => Promise<void>): Promise<void> {
  const databases = [openSqlite(undefined), openSqlite(undefined)] as const
  const [one, two] = databases
  try {
    for (const { db } of databases) await migrate(db)
    await work(createStore(one.db), createStore(two.db))
  } finally {
    for (const { close } of databases) await close()
  }
}

const load = (store: Store, fixture: Fixture) =>
  importFixture({ clock: systemClock, keys, store }, fixture, { makeKeys: true })

async function exported(store: Store): Promise<Fixture> {
  let json = ''
  for await (const piece of exportFixture(store)) json += piece
  return Fixture.parse(JSON.parse(json))
}

test('what is exported is imported unchanged, here and elsewhere; a fixture is written once and changes nothing again', async () => {
  await fc.assert(
    fc.asyncProperty(fixtures, async (given) => {
      const fixture = Fixture.parse(given)
      await withStores(async (one, two) => {
        await load(one, fixture)
        expect(await load(one, fixture)).toMatchObject({ changed: [], kept: [], made: [] })
        const first = await exported(one)
        expect(await load(one, first)).toMatchObject({ changed: [], kept: [], made: [] })
        expect(await exported(one)).toEqual(first)
        await load(two, first)
        expect(await exported(two)).toEqual(first)
      })
    }),
    { numRuns: 30 },
  )
})
