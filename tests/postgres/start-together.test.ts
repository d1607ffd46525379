import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDatabase, query } from '../support/postgres.js'
import { mintCardToken, paths } from '../system/support/fixtures/mint.js'
import { many, type Replicas, startReplicas } from './support/replicas.js'

const count = 20

/** The short form of tests/chaos/start-together.test.ts, with servers in one process. */
let databaseUrl: string
let replicas: Replicas
beforeAll(async () => {
  databaseUrl = await createDatabase(inject('postgres'))
  replicas = await startReplicas(databaseUrl, { count })
})
afterAll(() => replicas.stop())

test(`one of ${count} servers that start together on an empty database migrates it`, async () => {
  const runs = await query<{ name: string }>(databaseUrl, 'select name from kysely_migration')
  expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length)
  const ready = await many(count, async (index) => (await replicas.at(index).get('/health/ready')).status)
  expect(ready).toEqual(Array(count).fill(200))
})

test('and all have the same signing key and secret', async () => {
  const sets = await many(count, async (index) => (await replicas.at(index).get('/.well-known/jwks.json')).text())
  expect(new Set(sets).size).toBe(1)
  expect(JSON.parse(sets[0] ?? '').keys).toHaveLength(1)
  const token = await mintCardToken(replicas.at(0))
  const redeem = (index: number) =>
    replicas.at(index).postAsAcme(paths.redeem, { widget_token: token, widget_type: 'REVEAL' })
  const statuses = await many(count, async (index) => (await redeem(index)).status)
  expect(statuses.toSorted()).toEqual([200, ...Array(count - 1).fill(422)])
})
