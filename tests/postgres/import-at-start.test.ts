import { setTimeout as delay } from 'node:timers/promises'
import type { Fixture } from '@hallpass/contracts'
import { exportOnHost, importOnHost } from '@hallpass/server'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDatabase, query } from '../support/postgres.js'
import { acme, fixture, rival } from '../system/support/fixtures/fixture.js'
import { bodyOf, cardPath, introspect, mintBridgeToken } from '../system/support/fixtures/mint.js'
import { bearer } from '../system/support/servers/in-process-server.js'
import { many, type Replicas, startReplicas } from './support/replicas.js'

type Status = 'ACTIVE' | 'SUSPENDED' | 'TERMINATED' | 'UNACTIVATED'

let databaseUrl: string
let replicas: Replicas
beforeAll(async () => {
  databaseUrl = await createDatabase(inject('postgres'))
  replicas = await startReplicas(databaseUrl, { count: 2 })
})
afterAll(() => replicas.stop())

const host = () => ({
  flags: { 'database-url': databaseUrl },
  env: { HALLPASS_MASTER_KEY: replicas.masterKey.toString('base64url') },
})

/** The usual fixture, with another status of one card. */
const fixtureWith = (status: Status): Fixture => ({
  accounts: fixture.accounts.map((account) => ({
    ...account,
    cards: account.cards.map((card) => (card.id === acme.activeCard ? { ...card, status } : card)),
  })),
})

/** Like a server at its start, this doesn't wait indefinitely for another import but retries. */
async function importPatiently(imported: Fixture = fixture) {
  for (;;) {
    try {
      return await importOnHost(host(), imported)
    } catch (error) {
      if (!String(error).includes('55P03')) throw error
    }
  }
}

const administer = async (status: Status) => {
  const card = { id: acme.activeCard, customer_id: acme.customer, last_four: '4242' }
  await bodyOf(await replicas.at(0).postAsAcme('/v1/admin/cards', { ...card, status }))
}

async function statusNow(): Promise<string | undefined> {
  let json = ''
  await exportOnHost(host(), (piece) => {
    json += piece
  })
  const { accounts } = JSON.parse(json) as Fixture
  return accounts.flatMap(({ cards }) => cards).find(({ id }) => id === acme.activeCard)?.status
}

const cardKept = [{ account_id: acme.account, record: `card ${acme.activeCard}`, fields: ['status'] }]

test('replicas that import at the same time keep changes, whenever they are made', async () => {
  for (const status of ['SUSPENDED', 'UNACTIVATED', 'TERMINATED'] as const) {
    // first concurrently with the imports, then before them
    await Promise.all([administer(status), many(2, () => importPatiently())])
    for (const { kept, changed } of await many(2, () => importPatiently())) {
      expect({ kept, changed }).toEqual({ kept: cardKept, changed: [] })
    }
    expect(await statusNow()).toBe(status)
  }
})

test('of concurrent imports of a changed fixture, one changes the record', async () => {
  await importOnHost(host(), fixtureWith('ACTIVE'), { overwrite: true })
  for (const status of ['SUSPENDED', 'ACTIVE', 'TERMINATED'] as const) {
    const imported = await many(4, () => importPatiently(fixtureWith(status)))
    expect(imported.flatMap(({ changed }) => changed)).toEqual(
      cardKept.map((card) => (status === 'ACTIVE' ? card : { ...card, ended: true })),
    )
    expect(imported.flatMap(({ kept }) => kept)).toEqual([])
    expect(await statusNow()).toBe(status)
  }
})

test('an import waits for a change in progress and does not undo it', async () => {
  await importOnHost(host(), fixtureWith('ACTIVE'), { overwrite: true })
  const operator = new pg.Client({ connectionString: databaseUrl })
  await operator.connect()
  try {
    // like an administration operation in its transaction
    await operator.query('begin')
    await operator.query(`select set_config('hallpass.scope', 'host', true)`)
    await operator.query('select id from accounts where id = $1 for share', [acme.account])
    await operator.query(`update cards set status = 'TERMINATED' where id = $1`, [acme.activeCard])
    const importing = importPatiently(fixtureWith('SUSPENDED'))
    await delay(300)
    await operator.query('commit')
    expect((await importing).kept).toEqual(cardKept)
    expect(await statusNow()).toBe('TERMINATED')
  } finally {
    await operator.end()
  }
})

test('a token minted while an import ends its customer does not outlive the import', async () => {
  await importOnHost(host(), fixtureWith('ACTIVE'), { overwrite: true })
  const inactive: Fixture = {
    accounts: fixtureWith('ACTIVE').accounts.map((account) => ({
      ...account,
      customers: account.customers.map((one) => (one.id === acme.customer ? { ...one, status: 'inactive' } : one)),
      // a record of a later account, which the import must wait for
      cards: account.cards.map((card) => (card.id === rival.card ? { ...card, last_four: '9999' } : card)),
    })),
  }
  const operator = new pg.Client({ connectionString: databaseUrl })
  await operator.connect()
  try {
    await operator.query('begin')
    await operator.query(`select set_config('hallpass.scope', 'host', true)`)
    await operator.query('select id from cards where id = $1 for update', [rival.card])
    const importing = importOnHost(host(), inactive)
    importing.catch(() => {})
    const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    // a transaction sees activity as of its first read
    while ((await query(databaseUrl, waiting)).length === 0) await delay(20)
    const server = replicas.at(0)
    const bridge = await mintBridgeToken(server)
    const { widget_token } = await bodyOf<{ widget_token: string }>(
      await server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.key)),
    )
    await operator.query('commit')
    await importing
    await bodyOf(await server.postAsAcme('/v1/admin/customers', { id: acme.customer, status: 'verified' }))
    for (const token of [bridge, widget_token]) expect(await introspect(server, token)).toEqual({ active: false })
  } finally {
    await operator.end()
  }
})
