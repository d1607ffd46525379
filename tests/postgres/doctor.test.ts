import { randomBytes } from 'node:crypto'
import { type Check, examineHost } from '@hallpass/server'
import { expect, inject, test } from 'vitest'
import { createDatabase, query } from '../support/postgres.js'
import { directUrlOf } from '../system/support/servers/server-parts.js'
import { startReplicas } from './support/replicas.js'

async function examine(databaseUrl: string, masterKey?: Buffer) {
  const env = {
    HALLPASS_DATABASE_DIRECT_URL: directUrlOf(databaseUrl),
    ...(masterKey ? { HALLPASS_MASTER_KEY: masterKey.toString('base64url') } : {}),
  }
  const checks: Check[] = []
  for await (const check of examineHost({ flags: { 'database-url': databaseUrl, port: '0' }, env })) checks.push(check)
  const { username, password } = new URL(databaseUrl)
  expect(JSON.stringify(checks)).not.toContain(`${username}:${password}`)
  return checks
}

const statesOf = (checks: readonly Check[]) => checks.map(({ what, state }) => `${what} ${state}`)
const found = (checks: readonly Check[], what: Check['what']) => checks.find((check) => check.what === what)

test('finds no problems in a database in use', async () => {
  const databaseUrl = await createDatabase(inject('postgres'))
  const { masterKey, stop } = await startReplicas(databaseUrl, { count: 1 })
  await stop()
  expect(statesOf(await examine(databaseUrl, masterKey))).toEqual([
    'configuration ok',
    'database ok',
    'migrations ok',
    'master key ok',
    'data keys ok',
    'keys ok',
    'signing keys ok',
    'tenants ok',
    'clock ok',
    'port ok',
  ])
  expect(found(await examine(databaseUrl, randomBytes(32)), 'master key')).toMatchObject({ state: 'failed' })
  expect(found(await examine(databaseUrl), 'master key')).toMatchObject({
    state: 'failed',
    fix: expect.stringContaining('HALLPASS_MASTER_KEY'),
  })
})

test('lists pending migrations for a new database', async () => {
  const checks = await examine(await createDatabase(inject('postgres')), randomBytes(32))
  expect(found(checks, 'migrations')).toMatchObject({ state: 'warning' })
})

test('warns about a database that a newer version has migrated', async () => {
  const databaseUrl = await createDatabase(inject('postgres'))
  const { masterKey, stop } = await startReplicas(databaseUrl, { count: 1 })
  await stop()
  await query(databaseUrl, `insert into kysely_migration (name, timestamp) values ('9999-later', 'x')`)
  const newer = { state: 'warning', found: expect.stringContaining('9999-later') }
  expect(found(await examine(databaseUrl, masterKey), 'migrations')).toMatchObject(newer)
  await query(databaseUrl, `delete from kysely_migration where name = '0001-initial'`)
  expect(found(await examine(databaseUrl, masterKey), 'migrations')).toMatchObject({
    state: 'failed',
    found: 'the database belongs to another line of versions: it has 9999-later, but not 0001-initial',
  })
})

test('fails for a database whose schema is not what its migrations make', async () => {
  const databaseUrl = await createDatabase(inject('postgres'))
  const { masterKey, stop } = await startReplicas(databaseUrl, { count: 1 })
  await stop()
  await query(databaseUrl, 'alter table client_keys drop column guest_per_minute_total')
  expect(found(await examine(databaseUrl, masterKey), 'migrations')).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('the database lacks client_keys.guest_per_minute_total'),
  })
})

test('warns about a user to whom row-level security does not apply', async () => {
  const { adminUrl = '' } = inject('postgres') ?? {}
  const checks = await examine(adminUrl, randomBytes(32))
  expect(found(checks, 'database')).toMatchObject({ state: 'warning', found: expect.stringContaining('row-level') })
})

test('reports a database that does not exist', async () => {
  const url = Object.assign(new URL(await createDatabase(inject('postgres'))), { pathname: '/none' }).href
  expect(found(await examine(url, randomBytes(32)), 'database')).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('database "none" does not exist'),
  })
  const gone = Object.assign(new URL(url), { port: '1' }).href
  expect(found(await examine(gone, randomBytes(32)), 'database')).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('ECONNREFUSED'),
  })
})
