import { randomBytes, randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { AuditEntry, Fixture } from '@hallpass/contracts'
import { createServer, type HallpassServer, historyOnHost, loadConfig, rotateDataKeyOnHost } from '@hallpass/server'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { mintCardToken, mintGuest, mintUserToken, revoke } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'
import { newDatabase } from './support/servers/new-database.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const masterKey = randomBytes(32)
const folder = await temporaryFolder()
let databaseUrl: string
let server: TestServer
beforeAll(async () => {
  // a database in memory cannot be verified from the host
  databaseUrl = (await newDatabase()).replace(':memory:', `file:${folder.path}/x.db`)
  server = await startServer({ fixture: fixtureWithHost, config: { databaseUrl, masterKey } })
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

const onHost = () => ({
  flags: { 'database-url': databaseUrl },
  env: { HALLPASS_MASTER_KEY: masterKey.toString('base64url') },
})
const verify = () => historyOnHost.verifyAudit(onHost())

async function history(key = hostKey): Promise<AuditEntry[]> {
  const response = await server.get('/v1/admin/audit?limit=100', bearer(key))
  return ((await response.json()) as { data: AuditEntry[] }).data
}

describe('the fixture at start in the history', () => {
  const importsOf = async (key: string) =>
    (await history(key)).filter(({ operation }) => operation === 'fixture.import').map(({ changes }) => changes)

  test('names what was added and changed, and a start without changes adds no entry', async () => {
    const [added] = await importsOf(acme.key)
    expect(added).toMatchObject({ added: expect.arrayContaining([`card ${acme.activeCard}`]), changed: [] })
    expect(JSON.stringify(await history(acme.key))).not.toContain(acme.key)
    const restart = async (fixture: Fixture) => {
      await server.stop()
      server = await startServer({ fixture, config: { databaseUrl, masterKey }, clock: server.clock })
    }
    await restart(fixtureWithHost)
    expect(await importsOf(acme.key)).toEqual([added])
    server.clock.advance(1)
    const renamed = fixtureWithHost.accounts.map((account) => ({
      ...account,
      customers: account.customers.map((customer) => ({ ...customer, name: `${customer.name} II` })),
    }))
    await restart({ accounts: renamed })
    expect(await importsOf(acme.key)).toEqual([
      { added: [], changed: expect.arrayContaining([{ record: `customer ${acme.customer}`, fields: ['name'] }]) },
      added,
    ])
    expect(await verify()).toMatchObject({ whole: true })
  })
})

describe('tokens.revoke in the history', () => {
  test('names the kind of token and its subject but not the token, and only if it was revoked', async () => {
    const session = await mintGuest(server)
    const other = await mintGuest(server)
    const [card, visitor] = [await mintCardToken(server), await mintUserToken(server)]
    const tokens = [card, visitor, session.token, other.refresh_token]
    const before = (await history(acme.key)).length
    for (const token of tokens) {
      // the list is ordered by time
      server.clock.advance(1)
      await revoke(server, token)
    }
    for (const token of [...tokens, session.refresh_token, 'unknown']) await revoke(server, token)
    const entries = await history(acme.key)
    expect(entries).toHaveLength(before + tokens.length)
    expect(entries.slice(0, tokens.length).toReversed()).toMatchObject([
      { operation: 'tokens.revoke', changes: { kind: 'card', subject: acme.activeCard } },
      { operation: 'tokens.revoke', changes: { kind: 'visitor', subject: expect.any(String) } },
      { target_id: session.session_id, changes: { kind: 'widget-session', subject: session.visitor_id } },
      { target_id: other.session_id, changes: { kind: 'refresh', subject: other.visitor_id } },
    ])
    for (const token of tokens) expect(JSON.stringify(entries)).not.toContain(token)
    expect(await verify()).toMatchObject({ whole: true })
  })
})

describe('refused administration in the history', () => {
  const refusalsOf = async (key: string) =>
    (await history(key)).filter(({ operation }) => operation === 'admin.refused').map(({ changes }) => changes)

  test('a flood adds one entry at once and one for the rest, in the account of the key', async () => {
    const foreign = { ...bearer(rival.key), 'Straddle-Account-Id': acme.account }
    const first = await server.post('/v1/admin/customers', { id: randomUUID() }, foreign)
    expect(first.status).toBe(404)
    await expect
      .poll(() => refusalsOf(rival.key))
      .toEqual([
        {
          refused: [
            expect.objectContaining({
              operation: 'admin.customers.upsert',
              reason: 'not_found',
              count: 1,
              first_request_id: first.headers.get('request-id'),
            }),
          ],
        },
      ])
    for (let call = 0; call < 30; call++) {
      await server.post('/v1/admin/customers', { id: acme.customer }, bearer(rival.key))
      await server.get('/v1/admin/customers', foreign)
    }
    // an invalid input, and a read of an unknown record
    await server.post('/v1/admin/cards', { id: 'x' }, bearer(rival.key))
    await server.get(`/v1/admin/customers/${randomUUID()}`, bearer(rival.key))
    // longer than the delay of a first refusal
    await delay(700)
    expect(await refusalsOf(rival.key)).toHaveLength(1)
    server.clock.advance(10 * 60_000)
    await expect.poll(() => refusalsOf(rival.key)).toHaveLength(2)
    const [newest] = await refusalsOf(rival.key)
    expect(newest).toEqual({
      refused: [
        expect.objectContaining({ operation: 'admin.customers.upsert', reason: 'state_conflict', count: 30 }),
        expect.objectContaining({ operation: 'admin.customers.list', reason: 'not_found', count: 30 }),
      ],
    })
    expect(await refusalsOf(hostKey)).toEqual([])
  })

  test('a missing scope is recorded for reads and changes', async () => {
    expect((await server.get('/v1/admin/audit', bearer(acme.keyWithoutScopes))).status).toBe(403)
    await expect
      .poll(() => refusalsOf(hostKey))
      .toMatchObject([{ refused: [{ operation: 'admin.audit.list', reason: 'insufficient_scope' }] }])
    expect(await verify()).toMatchObject({ whole: true })
  })
})

describe('the chains of the history', () => {
  test.each([false, true])('are intact after data-key rotate, with old keys forgotten: %s', async (forgetOld) => {
    const change = () => server.post('/v1/admin/customers', { id: randomUUID() }, bearer(hostKey))
    expect((await change()).status).toBe(200)
    await rotateDataKeyOnHost(onHost(), { forgetOld })
    expect(await verify()).toMatchObject({ whole: true })
    // the server notices the new key within a second, and its next change may come earlier
    expect((await change()).status).toBe(200)
    expect((await server.post('/v1/admin/customers', { id: randomUUID() }, bearer(rival.key))).status).toBe(200)
    expect(await verify()).toMatchObject({ whole: true, faults: [] })
    expect(await history()).toContainEqual(expect.objectContaining({ operation: 'admin.customers.upsert' }))
  })

  test('a chain that begins under a new data key is intact too', async () => {
    await rotateDataKeyOnHost(onHost(), { forgetOld: true })
    const created = await server.post('/v1/admin/accounts', { name: 'New', tenant: '9_9' }, bearer(hostKey))
    const { id } = (await created.json()) as { id: string }
    const headers = { ...bearer(hostKey), 'Straddle-Account-Id': id }
    expect((await server.post('/v1/admin/customers', { id: randomUUID() }, headers)).status).toBe(200)
    const { whole, chains } = await verify()
    expect(whole).toBe(true)
    expect(chains).toContainEqual(expect.objectContaining({ account_id: id, entries: 1 }))
  })
})

describe('--audit-log log', () => {
  test('writes one line for each entry, after the change, at any log level', async () => {
    const lines: { audit?: AuditEntry & { seq: number; mac: string } }[] = []
    const stream = new Writable({
      write(chunk: Buffer, _, done) {
        lines.push(JSON.parse(chunk.toString()))
        done()
      },
    })
    const flags = { port: '0', 'database-url': ':memory:', 'audit-log': 'log' }
    const config = { ...loadConfig(flags, {}), masterKey: randomBytes(32) }
    const log = pino({ base: null, level: 'error' }, stream)
    const logging: HallpassServer = await createServer(config, { fixture: fixtureWithHost, log, noticeMilliseconds: 0 })
    await logging.ready
    const post = (id: string) =>
      fetch(`${logging.url}/v1/admin/customers`, {
        method: 'POST',
        headers: { ...bearer(hostKey), 'Content-Type': 'application/json' },
        body: JSON.stringify({ id }),
      })
    const id = randomUUID()
    const done = await post(id)
    expect((await post(rival.customer)).status).toBe(422)
    await logging.stop()
    const own = lines.flatMap(({ audit }) => (audit?.operation.startsWith('admin.') ? [audit] : []))
    expect(own).toMatchObject([
      {
        operation: 'admin.customers.upsert',
        request_id: done.headers.get('request-id'),
        changes: { id },
        seq: expect.any(Number),
        mac: expect.any(String),
      },
      { operation: 'admin.refused' },
    ])
  })
})
