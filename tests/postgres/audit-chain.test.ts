import { randomUUID } from 'node:crypto'
import { historyOnHost } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { child, rival } from '../system/support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from '../system/support/fixtures/host-key.js'
import { mintGuest, revoke } from '../system/support/fixtures/mint.js'
import { bearer } from '../system/support/servers/in-process-server.js'
import { newDatabase } from '../system/support/servers/new-database.js'
import { many, type Replicas, startReplicas } from './support/replicas.js'

describe('the history of 2 replicas on one PostgreSQL', () => {
  let databaseUrl: string
  let replicas: Replicas
  beforeAll(async () => {
    databaseUrl = await newDatabase()
    replicas = await startReplicas(databaseUrl, { count: 2, fixture: fixtureWithHost })
  })
  afterAll(() => replicas.stop())

  test('40 concurrent changes of three accounts leave unbroken chains, verified meanwhile', async () => {
    const verify = () =>
      historyOnHost.verifyAudit({
        flags: { 'database-url': databaseUrl },
        env: { HALLPASS_MASTER_KEY: replicas.masterKey.toString('base64url') },
      })
    const callers = [bearer(hostKey), bearer(rival.key), { ...bearer(hostKey), 'Straddle-Account-Id': child.account }]
    const sessions = await many(10, (index) => mintGuest(replicas.at(index)))
    const before = await verify()
    const changes = many(40, async (index) => {
      const headers = callers[index % callers.length] ?? {}
      return (await replicas.at(index).post('/v1/admin/customers', { id: randomUUID() }, headers)).status
    })
    const revocations = many(10, (index) => revoke(replicas.at(index), sessions[index]?.token ?? ''))
    expect(await verify()).toMatchObject({ whole: true, faults: [] })
    expect(new Set(await changes)).toEqual(new Set([200]))
    await revocations
    const after = await verify()
    expect(after).toMatchObject({ whole: true, faults: [] })
    const count = ({ chains }: typeof after) => chains.reduce((sum, { entries }) => sum + entries, 0)
    expect(count(after) - count(before)).toBe(50)
  })
})
