import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { systemClock } from '@hallpass/server'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { packageJsons } from '../rules/support/repository.js'
import { createDatabase } from '../support/postgres.js'
import { acme, fixture } from '../system/support/fixtures/fixture.js'
import {
  bodyOf,
  cardPath,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from '../system/support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from '../system/support/servers/in-process-server.js'
import { writeDirectly } from '../system/support/servers/new-database.js'
import { openSqliteFile } from '../system/support/servers/server-parts.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { type DatabaseKind, type Facts, filesOf } from './support/release.js'

const version = packageJsons().get('packages/server/package.json')?.version ?? ''
const issuer = 'https://pass.example'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

test('a SQLite file', async () => {
  const path = join(folder.path, 'release.db')
  const facts = await fill(`file:${path}`)
  const sqlite = openSqliteFile(path)
  // one file, without free pages
  sqlite.exec('pragma journal_mode = delete; vacuum')
  sqlite.close()
  keep('sqlite', facts, readFileSync(path))
})

test('a dump of PostgreSQL', async () => {
  const url = await createDatabase(inject('postgres'))
  const facts = await fill(url)
  const admin = Object.assign(new URL(inject('postgres')?.adminUrl ?? ''), { pathname: new URL(url).pathname })
  const options = ['--inserts', '--no-owner', '--no-privileges', '--dbname', admin.href]
  const { stdout } = await promisify(execFile)('pg_dump', options, { maxBuffer: 64_000_000 })
  // lines for psql only
  keep('postgres', facts, Buffer.from(stdout.replace(/^\\.*\n/gm, '')))
})

/** Runs a server on a new database and uses every table. */
async function fill(databaseUrl: string): Promise<Facts> {
  const masterKey = randomBytes(32)
  const config = { databaseUrl, masterKey, publicUrl: issuer }
  const server = await startServer({ hostClock: systemClock, fixture, config })
  const minted = await use(server)
  const { keys } = await bodyOf<{ keys: { kid: string }[] }>(await server.get('/.well-known/jwks.json'))
  const madeAt = Date.now()
  await server.stop()
  const rows: Record<string, number> = {}
  for (const table of await tablesOf(databaseUrl)) {
    const [row] = await writeDirectly(databaseUrl, `select count(*) as rows from ${table}`)
    rows[table] = Number(row?.rows)
  }
  // only a restore writes there, and it would end the tokens
  expect(Object.keys(rows).filter((table) => rows[table] === 0)).toEqual(['restores'])
  const migrations = (await writeDirectly(databaseUrl, 'select name from kysely_migration')).map(
    ({ name }) => `${name}`,
  )
  const kids = keys.map(({ kid }) => kid)
  return { madeAt, masterKey: masterKey.toString('base64url'), issuer, kids, migrations, rows, ...minted }
}

async function use(server: TestServer) {
  const guest = await mintGuest(server)
  // counted by its limit
  await mintGuest(server, acme.limited)
  // keeps its audience for the account
  const own = { agent: { id: 'agent_1', display_name: 'Ada' }, session_token: { audience: 'https://api.acme.example' } }
  const created = await server.postAsAcme('/v1/admin/client_keys', own)
  expect(created.status, await created.clone().text()).toBe(200)
  await mintObserved(server)
  const first = await mintUserSession(server)
  const user = await bodyOf<typeof first>(await refresh(server, first.refresh_token))
  const revokedBridgeToken = await mintBridgeToken(server)
  expect((await revoke(server, revokedBridgeToken)).status).toBe(200)
  const redeemedCardToken = await mintCardToken(server)
  const redeemed = { widget_token: redeemedCardToken, widget_type: 'REVEAL' }
  expect((await server.postAsAcme(paths.redeem, redeemed)).status).toBe(200)
  const key = 'upgrade-replay-1'
  const call = await server.postAsAcme(paths.bridge, { customer_id: acme.customer }, { 'Idempotency-Key': key })
  const replayed = await bodyOf<{ data: { bridge_token: string } }>(call)
  // a refusal, a cutoff, and a line in the history
  expect((await server.get(cardPath(acme.newCard, 'REVEAL'), bearer(acme.key))).status).toBe(422)
  const cutoff = await server.postAsAcme('/v1/admin/sessions/revoke', { user_id: 'user_gone' })
  expect(cutoff.status, await cutoff.clone().text()).toBeLessThan(300)
  return {
    guest: { token: guest.token, refreshToken: guest.refresh_token },
    user: { token: user.token, refreshToken: user.refresh_token },
    bridgeToken: await mintBridgeToken(server),
    revokedBridgeToken,
    visitorToken: await mintUserToken(server),
    cardToken: await mintCardToken(server),
    redeemedCardToken,
    replay: { key, bridgeToken: replayed.data.bridge_token },
  }
}

/** A session of an origin that isn't allowed, of a client key in observe mode. */
async function mintObserved(server: TestServer) {
  const observe_until = new Date(Date.now() + 86_400_000).toISOString()
  const settings = { agent: { id: 'agent_2', display_name: 'Ada' }, origin_allowlist: [acme.origin], observe_until }
  const created = await server.postAsAcme('/v1/admin/client_keys', settings)
  const { client_key } = await bodyOf<{ client_key: string }>(created)
  const guest = await server.post(paths.guest, { client_key }, { Origin: 'https://new.example' })
  expect(guest.status, await guest.clone().text()).toBe(200)
}

async function tablesOf(databaseUrl: string): Promise<string[]> {
  const found = databaseUrl.startsWith('file:')
    ? "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'"
    : "select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely_%'"
  return (await writeDirectly(databaseUrl, `${found} order by 1`)).map(({ name }) => `${name}`)
}

function keep(kind: DatabaseKind, facts: Facts, database: Buffer): void {
  const files = filesOf(version, kind)
  mkdirSync(join(files.facts, '..'), { recursive: true })
  writeFileSync(files.facts, `${JSON.stringify(facts, null, 2)}\n`)
  writeFileSync(files.database, gzipSync(database, { level: 9 }))
}
