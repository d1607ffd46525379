import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { query } from '../support/postgres.js'
import { acme, child } from '../system/support/fixtures/fixture.js'
import { bodyOf, mintGuest, paths } from '../system/support/fixtures/mint.js'
import { bearer } from '../system/support/servers/in-process-server.js'
import { newDatabase } from '../system/support/servers/new-database.js'
import { type Replicas, startReplicas } from './support/replicas.js'

/** The limit is a second, but a busy machine can take longer. */
const soon = { timeout: 20_000, interval: 20 }

/** Changes on one replica show on another: at once if the database notifies it, and otherwise within a second. */
describe.each(['are heard', 'are lost'])('when notifications %s', (kind) => {
  let replicas: Replicas
  beforeAll(async () => {
    const databaseUrl = await newDatabase()
    replicas = await startReplicas(databaseUrl, { count: 2 })
    if (kind === 'are heard') return
    for (const table of ['api_keys', 'client_keys', 'accounts', 'signing_keys']) {
      await query(databaseUrl, `alter table ${table} disable trigger hallpass_changes`)
    }
  })
  afterAll(() => replicas.stop())

  test('a client key disabled on one replica is rejected by the other', async () => {
    const guest = async () => (await replicas.at(1).postFromShop(paths.guest, { client_key: acme.clientKey })).status
    const { client_key_id } = decodeJwt((await mintGuest(replicas.at(0))).token)
    expect(await guest()).toBe(200)
    await bodyOf(await replicas.at(0).postAsAcme(`/v1/admin/client_keys/${client_key_id}`, { disabled: true }))
    await vi.waitFor(async () => expect(await guest()).toBe(403), soon)
    await bodyOf(await replicas.at(0).postAsAcme(`/v1/admin/client_keys/${client_key_id}`, { disabled: false }))
    await vi.waitFor(async () => expect(await guest()).toBe(200), soon)
  })

  test('keys of an account disabled on one replica are rejected by the other', async () => {
    const { at } = replicas
    const forChild = { 'Straddle-Account-Id': child.account }
    const made = await at(0).postAsAcme('/v1/admin/api_keys', { scopes: ['bridge:write'] }, forChild)
    const { secret } = await bodyOf<{ secret: string }>(made)
    const statuses = async () => [
      (await at(1).post(paths.bridge, { customer_id: child.customer }, bearer(secret))).status,
      (await at(1).postFromShop(paths.guest, { client_key: child.clientKey })).status,
    ]
    await vi.waitFor(async () => expect(await statuses()).toEqual([200, 200]), soon)
    await bodyOf(await at(0).postAsAcme(`/v1/admin/accounts/${child.account}`, { disabled: true }))
    await vi.waitFor(async () => expect(await statuses()).toEqual([403, 403]), soon)
  })

  test('a secret key created and disabled on one is accepted and then rejected by the other', async () => {
    const made = await replicas.at(0).postAsAcme('/v1/admin/api_keys', { name: 'short', scopes: ['bridge:write'] })
    const { id, secret } = await bodyOf<{ id: string; secret: string }>(made)
    const bridge = async () =>
      (await replicas.at(1).post(paths.bridge, { customer_id: acme.customer }, bearer(secret))).status
    await vi.waitFor(async () => expect(await bridge()).toBe(200), soon)
    await bodyOf(await replicas.at(0).postAsAcme(`/v1/admin/api_keys/${id}/disable`, {}))
    await vi.waitFor(async () => expect(await bridge()).toBe(401), soon)
  })
})
