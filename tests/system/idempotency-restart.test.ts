import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fixture, FixtureAccount } from '@hallpass/contracts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeAccount } from './support/fixtures/change-account.js'
import { acme, fixture } from './support/fixtures/fixture.js'
import { cardPath, mintCardToken, paths } from './support/fixtures/mint.js'
import { startServer, type TestServer, testClock } from './support/servers/in-process-server.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const keyed = { 'Idempotency-Key': 'over-a-restart' }
const bridge = (server: TestServer) => server.postAsAcme(paths.bridge, { customer_id: acme.customer }, keyed)
const card = (server: TestServer) => server.postAsAcme(cardPath(acme.activeCard, 'REVEAL'), '', keyed)

const ofCustomer = (status: 'rejected' | 'inactive' | 'review') =>
  changeAccount(acme.account, ({ customers }) => ({
    customers: customers.map((customer) => (customer.id === acme.customer ? { ...customer, status } : customer)),
  }))
const ofCard = (status: 'SUSPENDED' | 'TERMINATED') =>
  changeAccount(acme.account, ({ cards }) => ({
    cards: cards.map((one) => (one.id === acme.activeCard ? { ...one, status } : one)),
  }))
const ofKey = (change: Partial<FixtureAccount['api_keys'][number]>) =>
  changeAccount(acme.account, ({ api_keys }) => ({
    api_keys: api_keys.map((key) => (key.secret === acme.key ? { ...key, ...change } : key)),
  }))

/**
 * Sends a request to one server, stops it, and sends it again to the next one, which imports another fixture into the
 * same database.
 */
async function overRestart(next: Fixture, send: (server: TestServer) => Promise<Response>) {
  const clock = testClock()
  const config = { databaseUrl: `file:${join(folder, 'hallpass.db')}`, masterKey: randomBytes(32) }
  const responses: { status: number; body: string; replayed: string | null }[] = []
  for (const imported of [fixture, next]) {
    const server = await startServer({ clock, config, fixture: imported })
    try {
      const response = await send(server)
      const replayed = response.headers.get('idempotent-replayed')
      responses.push({ status: response.status, body: await response.text(), replayed })
    } finally {
      await server.stop()
    }
  }
  const [before, after] = responses
  expect(before).toMatchObject({ status: 200, replayed: null })
  return { before, after }
}

describe('an Idempotency-Key across a restart', () => {
  test.each([
    ['bridge', bridge],
    ['card', card],
  ])('200 with the same bytes from the %s endpoint if nothing has changed', async (_, send) => {
    const { before, after } = await overRestart(fixture, send)
    expect(after).toEqual({ status: 200, body: before?.body, replayed: 'true' })
  })

  test('200 even if the customer has changed in a way that forbids nothing', async () => {
    const { before, after } = await overRestart(ofCustomer('review'), bridge)
    expect(after).toEqual({ status: 200, body: before?.body, replayed: 'true' })
  })

  test.each(['rejected', 'inactive'] as const)(
    '422 if the customer is now %s, as for a new request',
    async (status) => {
      const { after } = await overRestart(ofCustomer(status), bridge)
      expect(after).toMatchObject({ status: 422, replayed: null })
      expect(after?.body).toContain('/validation_error')
      expect(after?.body).not.toContain('bridge_token')
    },
  )

  test.each(['SUSPENDED', 'TERMINATED'] as const)('422 INVALID_STATUS if the card is now %s', async (status) => {
    const { after } = await overRestart(ofCard(status), card)
    expect(after).toMatchObject({ status: 422, replayed: null })
    expect(JSON.parse(after?.body ?? '')).toMatchObject({ code: 'INVALID_STATUS', valid_status: ['ACTIVE'] })
  })

  test.each([
    ['401 if the secret key is now disabled', 401, ofKey({ disabled: true })],
    ['403 if the secret key has lost the scope', 403, ofKey({ scopes: ['tokens:introspect'] })],
  ])('%s', async (_, status, changed) => {
    const { after } = await overRestart(changed, bridge)
    expect(after).toMatchObject({ status, replayed: null })
  })

  test('the next server can replay the response of a redeem', async () => {
    let body: object | undefined
    const { before, after } = await overRestart(fixture, async (server) => {
      body ??= { widget_token: await mintCardToken(server), widget_type: 'REVEAL' }
      return server.postAsAcme(paths.redeem, body, keyed)
    })
    expect(after).toEqual({ status: 200, body: before?.body, replayed: 'true' })
  })
})
