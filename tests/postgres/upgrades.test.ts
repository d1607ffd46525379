import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type DatabaseKind, type Facts, keptVersions, readRelease } from '../material/support/release.js'
import { createDatabase, query } from '../support/postgres.js'
import { acme } from '../system/support/fixtures/fixture.js'
import {
  bodyOf,
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  paths,
  refresh,
} from '../system/support/fixtures/mint.js'
import { startServer, type TestServer, testClock } from '../system/support/servers/in-process-server.js'
import { writeDirectly } from '../system/support/servers/new-database.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'

const cases = keptVersions().flatMap((version) => [
  { version, kind: 'sqlite' as const },
  { version, kind: 'postgres' as const },
])

describe.each(cases)('a database of version $version ($kind), after the upgrade', ({ version, kind }) => {
  const { facts, database } = readRelease(version, kind)
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let databaseUrl: string
  let server: TestServer
  beforeAll(async () => {
    folder = await temporaryFolder()
    databaseUrl = await restore(kind, database, folder.path)
    server = await startServer({
      // the tokens of the release are still valid
      clock: testClock(facts.madeAt + 30_000),
      fixture: { accounts: [] },
      config: { databaseUrl, masterKey: Buffer.from(facts.masterKey, 'base64url'), publicUrl: facts.issuer },
    })
  })
  afterAll(async () => {
    await server.stop()
    await folder.remove()
  })

  test('still publishes the keys, and a verifier accepts the tokens', async () => {
    const set = await bodyOf<JSONWebKeySet>(await server.get('/.well-known/jwks.json'))
    expect(set.keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining([...facts.kids]))
    const options = { issuer: facts.issuer, currentDate: new Date(facts.madeAt + 30_000) }
    for (const token of [facts.bridgeToken, facts.guest.token, facts.user.token]) {
      const { payload } = await jwtVerify(token, createLocalJWKSet(set), options)
      expect(payload).toMatchObject({ iss: facts.issuer })
    }
  })

  test('tokens are as valid as they were', async () => {
    const actives = [facts.bridgeToken, facts.guest.token, facts.user.token]
    for (const token of actives) expect(await introspect(server, token)).toMatchObject({ active: true })
    for (const token of [facts.revokedBridgeToken, facts.redeemedCardToken]) {
      expect(await introspect(server, token)).toEqual({ active: false })
    }
  })

  test('one-time tokens work once, unless they were used before', async () => {
    const redeem = (widget_token: string) => server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
    expect((await redeem(facts.cardToken)).status).toBe(200)
    expect((await redeem(facts.cardToken)).status).toBe(422)
    expect((await redeem(facts.redeemedCardToken)).status).toBe(422)
    const exchange = () => server.postFromShop(paths.exchange, { token: facts.visitorToken })
    expect((await exchange()).status).toBe(200)
    expect((await exchange()).status).toBe(400)
  })

  test('sessions go on: a refresh token works', async () => {
    expect((await refresh(server, facts.guest.refreshToken)).status).toBe(200)
    expect((await refresh(server, facts.user.refreshToken)).status).toBe(200)
  })

  test('keys work: secret keys, client keys and new tokens', async () => {
    expect(await introspect(server, await mintBridgeToken(server))).toMatchObject({ active: true })
    expect(await introspect(server, (await mintGuest(server)).token)).toMatchObject({ active: true })
    await mintCardToken(server)
    const disabled = { Authorization: `Bearer ${acme.disabledKey}` }
    expect((await server.post(paths.bridge, { customer_id: acme.customer }, disabled)).status).toBe(401)
  })

  test('a response is still replayed', async () => {
    const headers = { 'Idempotency-Key': facts.replay.key }
    const call = await server.postAsAcme(paths.bridge, { customer_id: acme.customer }, headers)
    const { data } = await bodyOf<{ data: { bridge_token: string } }>(call)
    expect(data.bridge_token).toBe(facts.replay.bridgeToken)
  })

  test('no row is lost, and every migration of the release is known', async () => {
    const applied = await writeDirectly(databaseUrl, 'select name from kysely_migration')
    const names = applied.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining([...facts.migrations]))
    for (const [table, rows] of Object.entries(facts.rows)) {
      const [found] = await writeDirectly(databaseUrl, `select count(*) as rows from ${table}`)
      expect({ table, isWhole: Number(found?.rows) >= rows }).toEqual({ table, isWhole: true })
    }
  })
})

/** Puts a kept database where a server can use it. Returns its URL. */
async function restore(kind: DatabaseKind, database: Buffer, folder: string): Promise<string> {
  if (kind === 'sqlite') {
    const path = join(folder, 'hallpass.db')
    writeFileSync(path, database, { mode: 0o600 })
    return `file:${path}`
  }
  const url = await createDatabase(inject('postgres'))
  // without a pooler, because a dump sets parameters of its connection
  const { port } = new URL(inject('postgres')?.adminUrl ?? url)
  await query(Object.assign(new URL(url), { port }).href, database.toString())
  return url
}

/** Every release keeps both kinds. */
test('each kept release has rows in every table', () => {
  expect(cases.length).toBeGreaterThanOrEqual(2)
  for (const { version, kind } of cases) {
    const { rows }: Facts = readRelease(version, kind).facts
    expect(Object.keys(rows).filter((table) => rows[table] === 0)).toEqual(['restores'])
  }
})
