import { markRestored } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import {
  cardPath,
  introspect,
  mintCardToken,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from '../system/support/fixtures/mint.js'
import { newDatabase } from '../system/support/servers/new-database.js'
import { many, type Replicas, startReplicas } from './support/replicas.js'

/** Short forms of tests/chaos: replicas in this process, on one PostgreSQL. */
describe('3 replicas on one PostgreSQL', () => {
  let databaseUrl: string
  let replicas: Replicas
  beforeAll(async () => {
    databaseUrl = await newDatabase()
    replicas = await startReplicas(databaseUrl, { count: 3 })
  })
  afterAll(() => replicas.stop())
  const replica = (index: number) => replicas.at(index)

  test('300 concurrent redeems of 10 tokens: exactly 10 successes', async () => {
    const tokens = await many(10, (index) => mintCardToken(replica(index)))
    const statuses = await many(300, async (index) => {
      const body = { widget_token: tokens[index % tokens.length], widget_type: 'REVEAL' }
      return (await replica(index).postAsAcme(paths.redeem, body)).status
    })
    expect(statuses.toSorted()).toEqual([...Array(10).fill(200), ...Array(290).fill(422)])
  })

  test('60 concurrent duplicates of one mint: one token', async () => {
    const key = { 'Idempotency-Key': 'one mint for all' }
    const responses = await many(60, async (index) => {
      const response = await replica(index).postAsAcme(cardPath(acme.activeCard, 'REVEAL'), {}, key)
      return { status: response.status, text: await response.text() }
    })
    const minted = responses.filter(({ status }) => status === 200)
    expect(new Set(minted.map(({ text }) => text)).size).toBe(1)
    for (const { text } of responses.filter(({ status }) => status !== 200)) {
      expect(JSON.parse(text).code).toBe('IDEMPOTENCY_CONCURRENT_USE')
    }
  })

  test('a session revoked on one replica is inactive on the others at once', async () => {
    const { token, refresh_token } = await mintGuest(replica(0))
    await revoke(replica(0), token)
    for (const other of [replica(1), replica(2)]) {
      expect(await introspect(other, token)).toEqual({ active: false })
      expect((await refresh(other, refresh_token)).status).toBe(400)
    }
  })

  test('after hallpass restore --mark, nothing issued before is active on any replica', async () => {
    const [card, visitor, session] = [
      await mintCardToken(replica(0)),
      await mintUserToken(replica(1)),
      await mintGuest(replica(2)),
    ]
    const { restored_at } = await markRestored({
      flags: { 'database-url': databaseUrl },
      env: { HALLPASS_MASTER_KEY: replicas.masterKey.toString('base64url') },
    })
    expect(Date.parse(restored_at)).toBeGreaterThan(Date.now())
    for (const one of [replica(0), replica(1), replica(2)]) {
      const body = { widget_token: card, widget_type: 'REVEAL' }
      expect((await one.postAsAcme(paths.redeem, body)).status).toBe(422)
      expect((await one.postFromShop(paths.exchange, { token: visitor })).status).toBe(400)
      expect((await refresh(one, session.refresh_token)).status).toBe(400)
      expect(await introspect(one, session.token)).toEqual({ active: false })
    }
  })
})
