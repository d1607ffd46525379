import { randomBytes } from 'node:crypto'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createDatabase, type Postgres, query, startPostgres } from '../support/postgres.js'
import { acme, fixture } from '../system/support/fixtures/fixture.js'
import { cardPath } from '../system/support/fixtures/mint.js'
import { bearer } from '../system/support/servers/in-process-server.js'

const soon = { timeout: 20_000, interval: 50 }
const masterKey = randomBytes(32)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.remove())

const asAdmin = (text: string, database = 'postgres') =>
  query(Object.assign(new URL(postgres.adminUrl), { pathname: `/${database}` }).href, text)
const nameOf = (url: string) => new URL(url).pathname.slice(1)

/** A separate database and role, whose rights a test can revoke. */
async function newDatabase(): Promise<{ url: string; name: string; role: string }> {
  const role = `role_${randomBytes(4).toString('hex')}`
  await asAdmin(`create role ${role} login password 'first'`)
  const url = await createDatabase({ ...postgres, role: { name: role, password: 'first' } })
  return { url, name: nameOf(url), role }
}

async function start(url: string): Promise<HallpassServer> {
  const config = loadConfig({ port: '0', 'database-url': url, 'log-level': 'silent' }, {})
  const server = await createServer({ ...config, masterKey }, { fixture, noticeMilliseconds: 0 })
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= server.stop()
    return stopping
  }
  onTestFinished(stop)
  return { ...server, stop }
}

const mint = ({ url }: HallpassServer) =>
  fetch(url + cardPath(acme.activeCard, 'REVEAL'), { headers: bearer(acme.key) })
const isReady = async ({ url }: HallpassServer) => (await fetch(`${url}/health/ready`)).status === 200
const cutConnections = (role: string) =>
  asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`)
const tablesOf = (name: string, schema = 'public') =>
  asAdmin(`select tablename from pg_tables where schemaname = '${schema}'`, name)

async function expectUnavailable(server: HallpassServer): Promise<void> {
  await vi.waitFor(async () => expect((await mint(server)).status).not.toBe(200), soon)
  for (let call = 0; call < 5; call++) {
    const answer = await mint(server)
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1)
  }
  expect(await isReady(server)).toBe(false)
}

const expectBack = (server: HallpassServer) =>
  vi.waitFor(async () => {
    expect((await mint(server)).status).toBe(200)
    expect(await isReady(server)).toBe(true)
  }, soon)

describe('503 with Retry-After while PostgreSQL refuses connections, and recovery without a restart', () => {
  interface Case {
    readonly what: string
    readonly breakIt: (database: { name: string; role: string }) => Promise<unknown>
    readonly mendIt: (database: { name: string; role: string }) => Promise<unknown>
  }
  test.each<Case>([
    {
      what: 'its password was changed',
      breakIt: ({ role }) => asAdmin(`alter role ${role} password 'second'`),
      mendIt: ({ role }) => asAdmin(`alter role ${role} password 'first'`),
    },
    {
      what: 'its role may not log in',
      breakIt: ({ role }) => asAdmin(`alter role ${role} nologin`),
      mendIt: ({ role }) => asAdmin(`alter role ${role} login`),
    },
    {
      what: 'its role has no connection left',
      breakIt: ({ role }) => asAdmin(`alter role ${role} connection limit 0`),
      mendIt: ({ role }) => asAdmin(`alter role ${role} connection limit -1`),
    },
    {
      what: 'the database has another name',
      async breakIt({ name, role }) {
        await asAdmin(`alter role ${role} nologin`)
        await cutConnections(role)
        await asAdmin(`alter database ${name} rename to ${name}_moved`)
        await asAdmin(`alter role ${role} login`)
      },
      mendIt: ({ name }) => asAdmin(`alter database ${name}_moved rename to ${name}`),
    },
    {
      what: 'the database accepts no connections',
      breakIt: ({ name }) => asAdmin(`alter database ${name} allow_connections false`),
      mendIt: ({ name }) => asAdmin(`alter database ${name} allow_connections true`),
    },
    {
      what: 'it may not connect to the database',
      breakIt: ({ name, role }) =>
        asAdmin(`alter database ${name} owner to postgres; revoke connect on database ${name} from public, ${role}`),
      mendIt: ({ name }) => asAdmin(`grant connect on database ${name} to public`),
    },
  ])('$what', async ({ breakIt, mendIt }) => {
    const database = await newDatabase()
    const server = await start(database.url)
    await expectBack(server)
    await breakIt(database)
    await cutConnections(database.role)
    await expectUnavailable(server)
    await mendIt(database)
    await expectBack(server)
  })

  test('a grant was revoked', async () => {
    const database = await newDatabase()
    const server = await start(database.url)
    await expectBack(server)
    await asAdmin('alter table card_tokens owner to postgres', database.name)
    await vi.waitFor(async () => expect((await mint(server)).status).toBe(503), soon)
    await asAdmin(`alter table card_tokens owner to ${database.role}`, database.name)
    await vi.waitFor(async () => expect((await mint(server)).status).toBe(200), soon)
  })
})

describe('a database that accepts no writes', () => {
  test('a server that starts with it is not ready until it accepts writes', async () => {
    const { url, name, role } = await newDatabase()
    await asAdmin(`alter database ${name} set default_transaction_read_only = on`)
    const server = await start(url)
    expect(await isReady(server)).toBe(false)
    expect((await mint(server)).status).toBe(503)
    await asAdmin(`alter database ${name} reset default_transaction_read_only`)
    await cutConnections(role)
    await server.ready
    await expectBack(server)
  })

  test('a running server is not ready while writes are refused', async () => {
    const { url, name, role } = await newDatabase()
    const server = await start(url)
    await expectBack(server)
    await asAdmin(`alter database ${name} set default_transaction_read_only = on`)
    await cutConnections(role)
    await vi.waitFor(async () => expect(await isReady(server)).toBe(false), soon)
    await asAdmin(`alter database ${name} reset default_transaction_read_only`)
    await cutConnections(role)
    await expectBack(server)
  })
})

test('a database with another encoding fails the start with one line', async () => {
  const { role } = await newDatabase()
  const name = `latin_${randomBytes(4).toString('hex')}`
  await asAdmin(`create database ${name} owner ${role} template template0 encoding 'LATIN1' locale 'C'`)
  const url = Object.assign(new URL(postgres.adminUrl), {
    username: role,
    password: 'first',
    pathname: `/${name}`,
  }).href
  await expect(start(url)).rejects.toThrow(/^The database has the encoding LATIN1\. Create one with "encoding 'UTF8'/)
})

describe('a schema of its own', () => {
  test("contains all tables, next to another program's tables of the same names in public", async () => {
    const { url, name, role } = await newDatabase()
    await asAdmin('create table kysely_migration (other text); create table settings (other text)', name)
    await asAdmin(
      `create schema hp authorization ${role}; alter role ${role} in database ${name} set search_path = hp, public`,
      name,
    )
    const server = await start(url)
    await expectBack(server)
    const tables = (await tablesOf(name, 'hp')).map(({ tablename }) => tablename)
    expect(tables).toEqual(expect.arrayContaining(['accounts', 'settings', 'kysely_migration', 'rate_limits']))
    expect(await tablesOf(name)).toHaveLength(2)
    // a server in another schema is unaffected
    const options = new URL(url)
    await asAdmin(`create schema hp2 authorization ${role}`, name)
    options.searchParams.set('options', '-c search_path=hp2')
    await expectBack(await start(options.href))
  })

  test('a search_path that names no schema is refused', async () => {
    const { url, name, role } = await newDatabase()
    await asAdmin(`alter role ${role} in database ${name} set search_path = missing`)
    await expect(start(url)).rejects.toThrow(/^No schema in the search_path of the database user exists/)
  })

  test('does not start empty if another schema contains tables of Hallpass', async () => {
    const { url, name, role } = await newDatabase()
    const server = await start(url)
    await server.ready
    await server.stop()
    await asAdmin(
      `create schema later authorization ${role}; alter role ${role} in database ${name} set search_path = later, public`,
      name,
    )
    await expect(start(url)).rejects.toThrow(/tables of Hallpass in the schema public.* Make it start with public\.$/)
  })
})

test('a first migration that fails leaves nothing behind', async () => {
  const { url, name, role } = await newDatabase()
  // a type of this name makes a step fail halfway
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('create type revocation_feeds as (a int); create type sessions as (a int)')
  await client.end()
  await expect(start(url)).rejects.toThrow(/^The database could not be migrated: /)
  expect(await tablesOf(name)).toEqual([])
  await asAdmin(`drop type revocation_feeds, sessions; grant all on schema public to ${role}`, name)
  await expectBack(await start(url))
})
